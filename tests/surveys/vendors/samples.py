"""Own small files in the forms that other tools write; nothing in them is anybody's answer."""

import csv
import io
from typing import Any

from cxm.tabular import write_xlsx


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, rows[0], rows[1:])
    return target.getvalue()


def _ids(*keys: str) -> list[str]:
    return [f'{{"ImportId":"{key}"}}' for key in keys]


QUALTRICS = as_csv(
    [
        ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)",
         "Finished", "RecordedDate", "ResponseId", "RecipientLastName", "RecipientFirstName",
         "RecipientEmail", "ExternalReference", "LocationLatitude", "LocationLongitude",
         "DistributionChannel", "UserLanguage", "Q1", "Q2_1", "Q2_2", "Q2_3", "Q2_3_TEXT",
         "Q3_1", "Q3_2", "Q4", "Q5"],
        ["Start Date", "End Date", "Response Type", "IP Address", "Progress",
         "Duration (in seconds)", "Finished", "Recorded Date", "Response ID",
         "Recipient Last Name", "Recipient First Name", "Recipient Email",
         "External Data Reference", "Location Latitude", "Location Longitude",
         "Distribution Channel", "User Language",
         "How satisfied are you\nwith your visit?",
         "What did you have? - Selected Choice - Coffee",
         "What did you have? - Selected Choice - Cake",
         "What did you have? - Selected Choice - Something else",
         "What did you have? - Something else - Text",
         "Please rate: - Coffee bar", "Please rate: - Queue",
         "How likely are you to recommend us?", "What could be better?"],
        _ids("startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished",
             "recordedDate", "_recordId", "recipientLastName", "recipientFirstName",
             "recipientEmail", "externalDataReference", "locationLatitude", "locationLongitude",
             "distributionChannel", "userLanguage", "QID1", "QID2_1", "QID2_2", "QID2_3",
             "QID2_3_TEXT", "QID3_1", "QID3_2", "QID4", "QID5_TEXT"),
        *(
            ["2026-03-01 09:00:00", "2026-03-01 09:04:00", status, "198.51.100.7", "100", "240",
             "True", f"2026-03-0{day} 09:04:01", f"R_{number}", "", "", "", "", "48.1", "11.6",
             channel, language, satisfied, coffee, cake, other, text, bar, queue, nps, words]
            for number, day, status, channel, language, satisfied, coffee, cake, other, text, bar,
            queue, nps, words in (
                ("preview1", "1", "Survey Preview", "preview", "EN", "Very satisfied", "Coffee",
                 "", "", "", "5", "5", "10", "just trying"),
                ("a1", "2", "IP Address", "anonymous", "EN", "Very satisfied", "Coffee", "Cake",
                 "", "", "5", "3", "9", "Nothing, really"),
                ("a2", "2", "IP Address", "anonymous", "DE", "Somewhat satisfied", "Coffee", "",
                 "Something else", "Soup", "4", "2", "7", ""),
                ("a3", "3", "IP Address", "email", "DE", "Somewhat dissatisfied", "", "Cake", "",
                 "", "2", "1", "3", "Shorter queues"),
                ("a4", "3", "Survey Preview", "preview", "EN", "", "", "", "", "", "", "", "", ""),
                ("a5", "4", "Spam", "anonymous", "EN", "Very satisfied", "Coffee", "Cake",
                 "Something else", "xxx", "1", "1", "0", "buy now"),
                ("a6", "4", "IP Address", "qr", "EN", "Neither satisfied nor dissatisfied", "", "",
                 "", "", "3", "3", "8", ""),
            )
        ),
    ]
)  # fmt: skip

QUALTRICS_LEGACY = as_csv(
    [
        ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "Q1", "Q2"],
        ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress",
         "Status", "StartDate", "EndDate", "Finished", "How was it?", "Anything else?"],
        ["R_1", "Default", "", "", "", "", "0", "2015-01-02 10:00:00", "2015-01-02 10:05:00", "1",
         "4", "fine"],
        ["R_2", "Default", "", "", "", "", "0", "2015-01-03 10:00:00", "2015-01-03 10:05:00", "1",
         "5", ""],
    ]
)  # fmt: skip

LIMESURVEY = as_csv(
    [
        ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page",
         "startlanguage. Start language", "seed. Seed", "startdate. Date started",
         "datestamp. Date last action", "ipaddr. IP address",
         "Q00. How was your visit?", "Q01[SQ001]. What did you use? [Coffee bar]",
         "Q01[SQ002]. What did you use? [Terrace]", "Q01[other]. What did you use? [Other]",
         "Q02[A]. How good was … [Coffee bar]", "Q02[B]. How good was … [Queue]",
         "Q03. What shall we change?", "interviewtime. Total time", "Q00Time. Question time: Q00"],
        ["1", "2026-03-01 10:00:00", "3", "de", "77", "2026-03-01 09:58:00", "2026-03-01 10:00:00",
         "", "4", "Yes", "No", "", "5", "2", "Mehr Platz", "120", "11"],
        ["2", "", "1", "en", "78", "2026-03-01 11:00:00", "2026-03-01 11:01:00", "", "2", "Yes",
         "Yes", "", "", "", "", "20", "9"],
        ["3", "2026-03-02 10:00:00", "3", "en", "79", "2026-03-02 09:58:00", "2026-03-02 10:00:00",
         "", "5", "No", "Yes", "Reading corner", "4", "4", "", "99", "8"],
        ["4", "2026-03-02 12:00:00", "3", "de", "80", "2026-03-02 11:58:00", "2026-03-02 12:00:00",
         "", "1", "No", "No", "", "1", "3", "Alles gut", "99", "8"],
    ]
)  # fmt: skip

LIMESURVEY_CODES = as_csv(
    [
        ["id", "submitdate", "lastpage", "startlanguage", "seed", "Q00", "Q01[SQ001]", "Q01[SQ002]",
         "Q03"],
        ["1", "1980-01-01 00:00:00", "3", "de", "77", "4", "Y", "", "Mehr Platz"],
        ["3", "1980-01-01 00:00:00", "3", "en", "79", "5", "", "Y", ""],
    ],
    ";",
)  # fmt: skip


def google(
    stamps: tuple[str, ...] = (
        "2026/03/01 9:05:12 AM GMT+1",
        "2026/03/01 2:06:40 PM GMT+1",
        "2026/03/02 8:00:00 AM GMT+1",
        "2026/03/02 8:01:00 AM GMT+1",
        "2026/03/13 8:01:00 PM GMT+1",
    ),
    separator: str = ";",
) -> bytes:
    chosen = (
        ["Coffee", "Cake"],
        ["Coffee"],
        ["Cake", "Tea"],
        ["Tea"],
        ["Coffee", "Soup of the day"],
    )
    scores, words = ("5", "4", "2", "5", "1"), ("Nice, but loud", "", "All good", "", "Too loud")
    return as_csv(
        [
            ["Timestamp", "Email Address", "How was the coffee?", "What did you have?",
             "How do you come here? [Weekdays]", "Anything else?"],
            *(
                [stamp, f"guest{n}@example.org", score, separator.join(which),
                 "On foot" if n % 2 else "By bike", text]
                for n, (stamp, score, which, text) in enumerate(
                    zip(stamps, scores, chosen, words, strict=True)
                )
            ),
        ]
    )  # fmt: skip


GOOGLE_AMBIGUOUS = google(
    ("3/4/2026 9:05:12", "3/4/2026 14:06:40", "4/4/2026 8:00:00", "5/4/2026 8:01:00",
     "6/4/2026 8:01:00"), ", ",
)  # fmt: skip
GOOGLE_GERMAN = google(
    ("03.04.2026 09:05:12", "03.04.2026 14:06:40", "04.04.2026 08:00:00", "05.04.2026 08:01:00",
     "06.04.2026 08:01:00"), ", ",
).replace(b"Timestamp", b"Zeitstempel").replace(b"Email Address", b"E-Mail-Adresse")  # fmt: skip

TYPEFORM = as_csv(
    [
        ["#", "How was your visit?", "Coffee", "Cake", "Other", "What else?", "Other",
         "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID",
         "Tags", "Ending"],
        ["k1", "4", "Coffee", "", "", "fine", "", "completed", "2026-03-01 10:00:00", "",
         "2026-03-01 10:01:00", "n1", "", ""],
        ["k2", "5", "Coffee", "Cake", "Soup", "", "", "completed", "2026-03-01 11:00:00", "",
         "2026-03-01 11:01:00", "n2", "", ""],
        ["k3", "2", "", "Cake", "", "slow", "", "completed", "2026-03-02 11:00:00", "",
         "2026-03-02 11:01:00", "n3", "", ""],
        ["k4", "", "", "", "", "", "", "started", "2026-03-02 11:00:00", "2026-03-02 11:00:30", "",
         "n4", "", ""],
    ]
)  # fmt: skip

SURVEYMONKEY = as_csv(
    [
        ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address",
         "First Name", "Last Name", "Custom Data 1", "How was your visit?", "What did you have?",
         "", "", "How likely is it that you would recommend us?", "Anything else?",
         "Please rate", ""],
        ["", "", "", "", "", "", "", "", "", "Response", "Coffee", "Cake",
         "Other (please specify)", "Response", "Open-Ended Response", "Coffee bar", "Queue"],
        ["111", "9", "05/03/2026 01:20:00 PM", "05/03/2026 01:23:45 PM", "198.51.100.7", "", "",
         "", "", "Good", "Coffee", "Cake", "", "10 - Extremely likely", "fine", "5", "3"],
        ["112", "9", "05/04/2026 01:20:00 PM", "05/04/2026 01:23:45 PM", "198.51.100.8", "", "",
         "", "", "Very good", "Coffee", "", "Soup", "7", "", "4", "2"],
        ["113", "9", "05/05/2026 01:20:00 AM", "05/05/2026 01:23:45 AM", "198.51.100.9", "", "",
         "", "", "Poor", "", "Cake", "", "0 - Not at all likely", "slow", "2", "1"],
    ]
)  # fmt: skip

MICROSOFT_ROWS = [
    ["ID", "Start time", "Completion time", "Email", "Name", "How was it?", "What did you have?",
     "Rank these", "Anything else?"],
    ["1", "3/14/26 9:00:00", "3/14/26 9:02:00", "anonymous", "", "5", "Coffee;Cake;",
     "Price;Taste;Place;", "no"],
    ["2", "3/14/26 9:10:00", "3/14/26 9:12:00", "anonymous", "", "4", "Coffee;",
     "Taste;Price;Place;", ""],
    ["3", "3/15/26 9:10:00", "3/15/26 9:12:00", "anonymous", "", "2", "Tea;Cake;",
     "Taste;Place;Price;", "Warmer soup"],
    ["4", "3/15/26 9:20:00", "3/15/26 9:22:00", "anonymous", "", "2", "Tea;",
     "Place;Taste;Price;", ""],
]  # fmt: skip
MICROSOFT = as_csv(MICROSOFT_ROWS)

PORTAL = as_csv(
    [
        ["Review ID", "Date", "Overall stars", "Title", "Review text", "Service stars",
         "Cleanliness stars", "Verified", "Reviewer", "Reply"],
        ["p1", "March 1, 2026", "5", "Lovely", "Best cake in town", "5", "4.5", "true", "Ann", ""],
        ["p2", "March 2, 2026", "2", "Loud", "We could not talk", "3", "4", "false", "Bo", "Sorry"],
        ["p3", "March 13, 2026", "4", "Good", "Good coffee", "", "3.5", "true", "Cy", ""],
    ]
)  # fmt: skip

FEEDBACK = as_csv(
    [
        ["date", "score", "verbatim", "stage"],
        ["2026-03-01", "9", "Quick", "Coffee bar"],
        ["2026-03-01", "9", "Quick", "Coffee bar"],
        ["2026-03-02", "3", "Long", "Queue"],
        ["2026-03-03", "10", "", "coffee BAR"],
    ]
)

EVERY = {
    "qualtrics": QUALTRICS,
    "limesurvey": LIMESURVEY,
    "google": google(),
    "typeform": TYPEFORM,
    "surveymonkey": SURVEYMONKEY,
    "microsoft": MICROSOFT,
    "portal": PORTAL,
    "feedback": FEEDBACK,
}
