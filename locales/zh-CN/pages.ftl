# the one page that a program without the web app shows
page-name = 汇流
page-no-web = 这个程序里没有网页应用
page-no-web-how = 构建时没有 web/dist。请先构建网页应用，再构建程序：
page-no-web-api = 接口照常可用：
