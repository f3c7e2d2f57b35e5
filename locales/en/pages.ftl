# the one page that a program without the web app shows
page-name = Huiliu
page-no-web = The web app is not in this program
page-no-web-how = It was built without web/dist. Build the app, then the program:
page-no-web-api = The API works all the same:
