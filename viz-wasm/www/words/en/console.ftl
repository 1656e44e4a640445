# Start page.
start-title = Join
start-lead = Enter the code from the board.
start-letters = The code has letters
start-scan = Faster with the camera: scan the QR code on the board.
link-teachers = For teachers
link-pupils = For pupils
link-compare = Compare classes
compare-this = Compare with others
nav = Pages

# Password: set-up and sign-in.
password-show = Show
password-hide = Hide
strength-empty = Still empty
strength-short = Too short
strength-weak = Easy to guess
strength-fair = Good
strength-strong = Very good
setup-title = Welcome to Messwerk
setup-lead = Choose a password for the teachers. With it you begin and run lessons on this hub.
setup-secret = Set-up key
setup-secret-how = It is at the end of the address that the hub prints when it starts: …/setup#KEY.
setup-secret-missing = The key is missing. Open the whole address that the hub prints when it starts.
setup-password = Password
setup-again = Password again
setup-advice = At least 10 characters. Three or four words in a row are easy to remember and hard to guess.
setup-different = The two passwords differ.
setup-save = Save password
setup-old-how = The hub prints a new address at its next start, as long as no password is set. If one is set, sign in with it or reset it on the hub's computer: messwerk password reset --data-dir FOLDER
login-title = Sign in
login-password = Teachers' password
login-enter = Sign in
login-empty = Please enter the password.
login-forgot = Forgot the password?
login-forgot-how = It can be reset on the hub's computer. Then you choose a new one.
login-setup-needed = This hub has no password yet. First open the address that it prints when it starts.
login-setup = To the set-up
sign-out = Sign out

# What the hub refuses, by its machine word.
problem-no-hub = The hub does not answer. Check the Wi-Fi and the hub, then try again.
problem-status = That did not work (HTTP { $status }). Please try again.
problem-wrong-password = The password is wrong.
problem-too-many = Too many attempts. It goes on in { $seconds } s.
problem-old-secret = This address is no longer valid: it was used already, is too old, or the hub was started anew.
problem-setup-needed = This hub has no password yet. Open the address that it prints when it starts.
problem-password-short = The password is too short: at least 10 characters.
problem-password-long = The password is too long: at most 1024 bytes (umlauts and other special characters count double or more).
problem-take-open = A measurement is running already. Stop it first.
problem-no-take = There is no measurement to undo.
problem-lesson-ended = The lesson has ended already.
problem-not-a-rehearsal = This lesson has readings or entered results already. A rehearsal would erase them: start a measurement.
problem-file-running = A file is being stored just now. Try again in a moment.
problem-not-measuring = Nothing is being measured.
problem-location-not-asked = This lesson needs no location.
problem-lesson-free = This lesson records all the time. Start and stop are for lessons begun here.
problem-lesson-full = The lesson is full. Remove another device first.
problem-unknown-thing = This device does not exist any more.
problem-not-found = This does not exist any more. Please load the page again.
problem-foreign-origin = This page was opened under another address than the hub's own. Open it under the address that the hub prints when it starts.
problem-unknown-host = The hub does not answer to this address. Open it under the address that it prints when it starts.
problem-unavailable = The hub cannot do this just now. Please try again in a moment.
problem-too-slow = The connection is too slow for this. Please try again.
problem-internal = The hub made a mistake. Its log names the cause. Please try again.
problem-busy = The hub has too much to do. Please try again in a moment.
problem-export-unknown = This is not a file that phyphox exports. Choose “Export data” in phyphox.
problem-export-damaged = The file is damaged. Please export it again.
problem-export-empty = The file has no readings of this lesson.
problem-export-columns = The file has no column that is needed: a time, and with it x, y and z of a sensor (a magnitude alone has no direction) or a single value such as pressure.
problem-export-too-large = The file is too large. Export it as CSV in phyphox.
problem-rehearsal = A rehearsal is running, and the file would be erased with it. Upload it afterwards.
problem-upload-running = A file from this device is just arriving. Wait until it is there.

# Library.
library-title = New lesson
seats-label = Devices at most
seats-fewer = One device fewer
seats-more = One device more
seats-how = One device for three or four pupils is enough: a device can be handed to the next group.
seats-wrong = Please enter a whole number of devices, at least 1.
seats-too-many = This hub does not take { $n } devices in one lesson. limits.things_per_lesson in messwerk.toml is its limit.
begin-lesson = Begin lesson
template-inputs = Each group enters: { $inputs }
template-by-hand = By hand works, too: { $inputs }
template-useless = Not with phones here: what this template measures, browsers give to encrypted pages only, and phyphox does not measure it here.
template-minutes = about { $n } minutes
search-label = Search: topic, subject, name
subject-label = Subject
subject-all = All subjects
subject-physics = Physics
subject-chemistry = Chemistry
subject-biology = Biology
subject-geography = Geography
subject-mathematics = Mathematics
subject-computing = Computing
subject-sports = Sports
subject-general = Several subjects
grade-label = School year
grade-all = All school years
grade-one = Year { $n }
templates-found =
    { $n ->
        [0] Nothing fits.
        [one] 1 template fits.
       *[other] { $n } templates fit.
    }
editor-link = Write templates
import-file = Take in a file
template-grades = Years { $from } to { $to }
template-more = More
template-download = Download as file
template-fork = Make my own of it
template-withdraw = Take out of the library
template-withdrawn = “{ $title }” is taken out of the library.
template-imported = “{ $title }” is taken in ({ $trust }).
template-for = For
template-group = Groups
template-people =
    { $n ->
        [one] 1 person around one phone
       *[other] { $n } people around one phone
    }
template-languages = Languages
template-authors = By
template-license = Licence
template-version = Version
template-trust = Where from
template-signer = key { $key }
template-from = Made from
template-origin = { $id } { $version } by { $authors }
trust-builtin = comes with the hub
trust-made = written here
trust-trusted = signed by a known source
trust-unknown = unknown source
trust-unsigned = unknown source, not signed
source-web = browser
source-phyphox = phyphox
source-sensor-logger = Sensor Logger
source-station = station
running-title = Running lessons
ended-title = Ended lessons
ended-how = Readings erase themselves. Whoever needs them longer keeps or downloads them.
open-console = Control
open-board = Open board
share-results = Release results
link-releases = Releases
open-results = Results
code-is = code { $code }
joined-of = { $n } of { $seats } joined
took-part =
    { $n ->
        [0] nobody joined
        [one] 1 device
       *[other] { $n } devices
    }
since = since { $time }
today-at = today, { $time }
day-at = { $day }, { $time }
very-soon = very soon
in-minutes =
    { $n ->
        [one] in 1 minute
       *[other] in { $n } minutes
    }
in-hours =
    { $n ->
        [one] in 1 hour
       *[other] in { $n } hours
    }
in-days =
    { $n ->
        [one] in 1 day
       *[other] in { $n } days
    }
deleted-in = Will be erased { $in } ({ $at }).
kept-until = Kept. Will be erased { $in } ({ $at }).
keep-label = Keep
keep-default = as usual
keep-as-chosen = as chosen
keep-days =
    { $n ->
        [365] 1 year
       *[other] { $n } days
    }
erase = Erase
erase-sure = Really erase?
erased = The lesson was erased.
exports = Download
export-print = Print
export-report = Report of the class
export-reports = All reports, also the groups'
export-files = Everything in one file
export-all = Workbook with results, class and readings (XLSX)
export-results = Results
export-readings = Readings
export-xlsx = Workbook for Excel and LibreOffice (XLSX)
export-csv-de = CSV for a German Excel (semicolon, decimal comma)
export-csv = CSV (comma, decimal point)
export-json = JSON
export-parquet = Parquet
export-arrow = Arrow
link-title = Link for other programs (CODAP)
link-how = Whoever has the link can read one table without signing in: groups by number only, without names and texts. The link ends by itself, when the hub restarts, or when you revoke it. A program on the internet must be able to reach this hub.
link-hours = The link lasts
link-hours-n =
    { $n ->
        [168] 7 days
       *[other] { $n } hours
    }
link-make-results = Link to the results
link-make-readings = Link to the readings
link-results =
    { $n ->
        [one] Results, until { $until }, opened once
       *[other] Results, until { $until }, opened { $n } times
    }
link-readings =
    { $n ->
        [one] Readings, until { $until }, opened once
       *[other] Readings, until { $until }, opened { $n } times
    }
link-address = Address of the link
link-revoke = Revoke
insecure-title = This connection is not encrypted
insecure-how = Anybody listening in the same Wi-Fi could see your password, and browsers on phones give no sensors away. With the app phyphox they measure all the same, except the sound level.
insecure-short = Without encryption phones measure with phyphox only; in the browser values can be typed in.
insecure-phones = Phones reach the hub without encryption, so their browsers give no sensors away. With the app phyphox they measure all the same, except the sound level.
insecure-useless = Phones cannot measure in this lesson: without encryption the browser does not give the microphone away, and phyphox cannot run this template.
insecure-link = How to set up HTTPS
insecure-read = Read, hide this
alone = Phones cannot reach this hub: it listens on its own machine only, or that machine is in no network. In the overview, “Is everything ready?” says which, and what to do.
unready = The hub found something that can disturb a lesson.
unready-link = Have a look
doctor-title = Is everything ready?
doctor-how = What the hub found out about network, certificate, clock and disk.
doctor-check = Check with a phone
doctor-good = all is well
doctor-bad =
    { $n ->
        [one] 1 thing to look at
       *[other] { $n } things to look at
    }
level-ok = All right
level-warn = Attention
level-bad = Fault

# Console: top.
all-lessons = All lessons
skip-to-things = To the devices
gone-title = This lesson does not exist (any more).
gone-how = Perhaps it was erased. The overview shows all lessons.
offline-how = No connection to the hub. The phones keep their readings and send them later. This page connects again by itself.
phase-lobby = Waiting for the start
phase-countdown = About to start
phase-measuring = Measuring
phase-rehearsal = Rehearsal running
phase-stopped = Stopped
phase-ended = Ended
lobby-open = Joining is open
lobby-locked = Joining is locked
board-frozen = Board frozen
lasts-of = { $time } of { $of }
take-lasted = Measurement { $n }: { $time }
ended-at = at { $time }

# Counters.
counters-label = Counters
count-joined = joined
count-waiting = waiting
count-sending = sending
count-silent = silent, away
count-lost = packets missing
count-unsent = unsent
count-rejected = rejected
count-alignment = clock error
n-of = { $n }/{ $most }
seconds = { $s } s
milliseconds = { $ms } ms
plus-minus = ± { $ms } ms
why-title = Not stored, and why
reject-undecodable = messages the hub cannot read. Is another program sending?
reject-not-finite = values that are no numbers. Restart the sensor on the phone.
reject-unknown-column = columns with an unknown name. Set the lesson's names in phyphox.
reject-unknown-unit = values in an unknown unit.
reject-missing-time = values without a time. Let phyphox send the time as well.
reject-length-mismatch = values without a matching time: the columns differ in length.
reject-missing-component = vectors that lack a direction. Always send x, y and z together.
reject-private = personal data such as place or pulse. The hub never stores them.
reject-time-out-of-range = values with an impossible time. Is the phone's clock right?
reject-too-large = too many values at once. Let phyphox send more often.
reject-unknown-stream = values of a sensor that the hub does not know.
reject-not-recording = values after the end of the lesson.
reject-lesson-ended = values after the end of the lesson.
reject-location-off = places, although location is not allowed.
reject-idle = came while nothing was measured. That is no fault; they are not stored.
notice-read-only = The hub cannot store anything any more. Readings are not taken now. Free some space on the hub's computer.
notice-problems = The hub needs somebody to look after it. What to do is in the overview under “Is everything ready?”.
notice-guessing = Somebody is guessing codes. If everybody is in, lock joining.
notice-password = Somebody is trying passwords for this page. Yours still holds; if it is short, change it after the lesson.

# The next step and the others.
act-title = Control
next-start = Start measurement { $n }
next-stop = Stop
next-stop-rehearsal = End rehearsal
next-abort = Cancel
next-open-lobby = Open joining
next-board = Open board
next-library = All lessons
hint-start = Everybody ready? After your tap, phones and board count down 3 seconds.
hint-stop = The class is measuring. Stop ends the measurement on all devices.
hint-stop-rehearsal = Rehearsal: nothing of it is kept.
hint-rehearsal = Rehearsal: nothing of it is kept.
hint-countdown =
    { $n ->
        [0] Go
       *[other] Go in { $n } …
    }
hint-abort = About to start.
hint-open-lobby = Nobody can join. Open joining, then the board shows the code.
hint-board = Show the board on the projector. The class scans the QR code there.
hint-library = The lesson has ended. Its results stay here and on the board until they are erased.
hint-offline = No connection to the hub. This is how it stood last.
hint-unanswered = No answer from the hub: your tap has probably not arrived. Please tap again as soon as the connection is back.
do-open-lobby = Open joining
do-lock-lobby = Lock joining
do-freeze = Freeze board
do-unfreeze = Unfreeze board
do-rehearse = Rehearse
do-undo = Undo measurement { $n }
do-redo = Count measurement { $n } again
do-end = End lesson
end-sure = Really end it?
owing =
    { $n ->
        [one] 1 device has not sent everything ({ $s } s).
       *[other] { $n } devices have not sent everything (up to { $s } s).
    } What is missing also arrives after the lesson’s end if the page there stays open.
location-label = Allow location
location-how = Only the way from the starting point is sent, in metres. The place itself stays on the phone.

# Inviting the class.
invite-title = Invite
invite-over = Board
invite-locked = Joining is locked. Whoever is in stays in.
code-how = Enter it at { $address }
two-words = Check words: { $words }
copy-board = Copy the board's address
copy-join = Copy the link for the class
copied-address = Copied: { $address }
address-label = Address to copy
qr-codes = QR codes
qr-join = Join
qr-join-alt = QR code for joining
qr-wifi = Wi-Fi { $ssid }
qr-wifi-alt = QR code for the Wi-Fi { $ssid }
qr-phyphox = Measure with phyphox
qr-phyphox-alt = QR code for the phyphox app

# Things.
things-title = Devices
only-odd = Only those to look at ({ $n })
none-odd = All is well: no device needs a look.
nobody-title = Nobody has joined yet
nobody-how = Show the code or the QR code. Whoever joins appears here at once.
thing-is-joined = waiting
thing-is-sending = sending
thing-is-silent = silent
thing-is-away = away
thing-is-removed = removed
thing-is-paused = paused
thing-is-past = handed on
via-web = browser
via-phyphox = phyphox
via-mqtt = MQTT
via-http = HTTP
via-none = nothing yet
permission-denied = permission missing on the phone
permission-missing = no suitable sensor
heard-seconds = last heard { $n } s ago
heard-minutes = last heard { $n } min ago
unsent-seconds = { $s } s not yet sent
unsent-about = about { $s } s not yet sent
coming-back = brought back, not heard of yet
missing-batches =
    { $n ->
        [one] 1 packet missing
       *[other] { $n } packets missing
    }
no-finding = No result yet
no-finding-ended = No result
by-hand = by hand
undone = does not count: measurement undone
thing-pause = Pause
thing-resume = Resume
thing-rename = New name
thing-hide = Hide
thing-show = Show
thing-remove = Remove
thing-restore = Bring back
removed-one = { $name } was removed.
removed-title = Removed ({ $n })
take-back = Undo
close = Close
exclude = Don’t count
include = Count again
cancel = Cancel
exclude-how = Why does this result not count? Everybody sees the reason.
exclude-other = Another reason
reason-slipped = Phone slipped
reason-wrong-length = Wrong length entered
reason-too-wide = Pulled too far
reason-disturbed = Measurement disturbed
reason-trial = Only a trial

# Result, log, upload, keys.
results-title = The class's result
class-counts =
    { $out ->
        [0] Results that count: { $n }.
       *[other] Results that count: { $n }, that do not: { $out }.
    }
class-interval = With 95 % confidence between { $low } and { $high } { $unit }.
class-single = One device alone: behind ± stands its own standard uncertainty.
class-none = No result counts yet.
log-title = Log
log-lesson-make = Lesson begun
log-lesson-end = Lesson ended
log-lesson-erase = Lesson erased
log-lobby-open = Joining opened
log-lobby-lock = Joining locked
log-take-start = Measurement started
log-take-stop = Measurement stopped
log-take-cancel = Start cancelled
log-take-undo = Measurement undone
log-take-redo = Measurement counts again
log-rehearsal-start = Rehearsal started
log-rehearsal-stop = Rehearsal ended
log-rehearsal-cancel = Rehearsal cancelled
log-rehearsal-kept = Files were uploaded during a rehearsal: nothing was erased
log-board-freeze = Board frozen
log-board-unfreeze = Board goes on
log-thing-join = Joined
log-thing-pause = Device paused
log-thing-resume = Device goes on
log-thing-rename = New name
log-thing-remove = Device removed
log-thing-restore = Device brought back
log-thing-hide = Hidden on the board
log-thing-show = Shown on the board
log-thing-erase = Device erased
log-run-exclude = Result excluded
log-run-include = Result counts again
log-run-erase = Recording erased
log-thing-upload = phyphox file uploaded
log-link-make = Link for other programs made
log-link-revoke = Link for other programs revoked
log-keep = Keeping changed
log-location = Location changed
who-teacher = teacher
who-hub = hub
who-pupil = device
upload-title = Hand in a phyphox file
upload-how = For a group that measured without the network: choose “Export data” in phyphox and upload the file here. The same file counts only once.
upload-thing = Device
upload-file = File
upload-send = Upload
upload-choose = Please choose a device and a file.
upload-large = The file is larger than 10 MB. Export it as CSV in phyphox.
upload-done = { $stored } readings stored, { $duplicates } were there already, { $rejected } rejected.
upload-again = This file is here already: all { $duplicates } readings were stored.
keys-title = Keyboard
keys-on = Use keyboard shortcuts
key-space = Space
key-space-does = Start and stop
key-l-does = Lock or open joining
key-f-does = Freeze the board or let it go on
keys-when = The keys work only while no button and no field is selected.
