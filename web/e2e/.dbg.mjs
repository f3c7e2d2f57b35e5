import { launch, open, withToken } from './browser.mjs'; import { readFileSync } from 'node:fs';
const b=await launch(); const o=await open(b,{}); await withToken(o.context,'http://127.0.0.1:8361',readFileSync('/tmp/web-token','utf8').trim());
await o.page.goto('http://127.0.0.1:8361/leads/new'); await o.page.locator('main input').first().waitFor();
await o.page.locator('main input').nth(0).fill('赵敏'); await o.page.locator('main input').nth(1).fill('明远'); 
await o.page.locator('main button[type=submit]').click(); await o.page.waitForTimeout(2000); console.log(o.page.url(), o.problems);
await o.page.screenshot({path:'/tmp/shots/dbg.png'}); await b.close();
