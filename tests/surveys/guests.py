"""A small file of answers and the mapping that reads it."""

MAPPING = """
[survey]
name = "Guests"
language = "en"
source = "interview"
[response]
id = "id"
answered_on = { column = "day", format = "%Y-%m-%d" }
weight = "w"
cluster = "run"
customer = "who"
language = { column = "lang", values = { 1 = "en", 2 = "de" } }
source = { column = "from", values = { q = "qr" } }
[[segment]]
name = "Purpose"
column = "why"
values = { 1 = "Business", 2 = "Holiday" }
[[question]]
column = "coffee"
text = "How was the coffee?"
kind = "rating"
scale = [1, 5]
never_used = [6]
no_answer = [0, ""]
touchpoint = "coffee BAR"
[[question]]
column = "again"
text = "Would you come again?"
kind = "nps"
[[question]]
column = "words"
text = "Anything else?"
kind = "text"
"""
HEADER = "id,day,w,run,who,lang,from,why,coffee,again,words,left"
ROW = "1,2026-03-01,0.5,run 1,anna,2,q,1,5,9,=lovely,secret"
