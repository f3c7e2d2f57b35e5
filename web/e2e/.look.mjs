import { launch, open, signIn, settled, DESKTOP, PHONE, withToken } from '/work/w-web/web/e2e/browser.mjs';
import { readFileSync } from 'node:fs';
const url='http://127.0.0.1:8361'; const token=readFileSync('/tmp/web-token','utf8').trim();
const b=await launch();
const shots=process.argv.slice(2);
for (const s of shots) {
  const [name,path,lang='zh-CN',size='d',theme='light']=s.split('|');
  const o=await open(b,{lang,theme,size:size==='p'?PHONE:DESKTOP});
  await withToken(o.context,url,token);
  await o.page.goto(url+path); try{await settled(o.page);}catch(e){console.log('unsettled',name)}
  await o.page.screenshot({path:`/tmp/shots/${name}.png`});
  if(o.problems.length) console.log(name,o.problems.slice(0,4));
  await o.close();
}
await b.close();
