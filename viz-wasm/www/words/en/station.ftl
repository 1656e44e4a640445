# Weather stations.
stations-title = Weather stations
stations-none = There is no public station here.
stations-none-teacher = No station yet. Make the first one below.
station-all = Stations
station-login = For teachers: sign in to make stations
station-new = New station
station-new-how = The station gets a key, with which the device sends. What address to enter there is shown next.
station-make = Make the station
station-made = The station is made
station-key = Key
station-key-once = The key is shown only now. Later there is only a new one.
station-open = To the station's page
station-name = Name
station-format = Format of the device
station-format-none = still open: first show what arrives
station-format-ecowitt = Ecowitt
station-format-ambient = Ambient Weather
station-format-wunderground = Weather Underground
station-format-weewx = WeeWX (MQTT)
station-format-opensensemap = senseBox, openSenseMap
station-format-luftdaten = airRohr, sensor.community
station-format-hackair = hackAIR
station-format-sbx-bytes = senseBox, binary
station-format-sbx-bytes-ts = senseBox, binary with times
station-format-rtl-433 = rtl_433 (MQTT)
station-format-tasmota = Tasmota (MQTT)
station-format-esphome = ESPHome (MQTT)
station-format-zigbee2mqtt = Zigbee2MQTT
station-format-sensorthings = OGC SensorThings
station-format-senml = SenML
station-format-mapping = anything else: assign fields
station-latitude = Latitude in ° north
station-longitude = Longitude in ° east
station-elevation = Height in m above the sea
station-zone = Time zone
station-note = Note: where it hangs, who looks after it
station-topics = MQTT topics it sends under
station-topics-how = Such as tele/roof/#. Several with commas. Without any, in/KEY/ always works.
station-public = Everybody in the network may look at the values
station-private = for teachers only
station-how = What to enter in the device
station-how-server = Server
station-how-port = Port
station-how-path = Path
station-how-broker = Port (MQTT)
station-how-user = User
station-how-password = Password
station-how-key = KEY stands for the key. If it is lost, give the station a new one.
station-how-to-none = Any device can send to this path. “Show me what arrived” then says what it looks like.
station-how-to-ecowitt = In the app or console: weather services, “Customized”, protocol Ecowitt, HTTP.
station-how-to-ambient = In the app: custom server, enabled, protocol same as Ambient Weather.
station-how-to-wunderground = “Customized”, protocol Wunderground. Where the path is fixed, the key is the password (station key).
station-how-to-weewx = Extension MQTT: server_url with user and password, append_units_label = true. Its topic is in the settings.
station-how-to-opensensemap = Change the server's address only. The box's access token becomes a key of the station; its sensor ids are in the settings (API).
station-how-to-luftdaten = Configuration, “send data to own API”: enter server, path and port.
station-how-to-hackair = Set the sensor to the server and path.
station-how-to-sbx-bytes = The box sends its bytes to this path.
station-how-to-sbx-bytes-ts = The box sends its bytes to this path.
station-how-to-rtl-433 = Run with -F mqtt://…,events and -M time:iso:tz. Name your own sensors; the neighbours' count as rejected.
station-how-to-tasmota = Set up MQTT; it sends every TelePeriod. Its topic is in the settings, such as tele/roof/#.
station-how-to-esphome = mqtt: with discovery: true. Without discovery the units are missing.
station-how-to-zigbee2mqtt = Enter the MQTT server in Zigbee2MQTT, last_seen: ISO_8601.
station-how-to-sensorthings = POST to /v1.1/Datastreams(ID)/Observations with the key as bearer token.
station-how-to-senml = POST SenML as JSON to this path.
station-how-to-mapping = The device sends JSON, a form or CSV to this path. Then click the fields under “Show me what arrived”.
station-main = main sensor
station-age-now = just now
station-never = never heard of
station-heard = heard: { $age }
station-quiet = silent, last { $age }
station-place = { $latitude }° N, { $longitude }° E, { $height } m
station-now = Now
station-silent = There is no reading yet.
station-trend-up = rising
station-trend-down = falling
station-trend-same = steady
station-course = Course
station-what = Quantity
station-range = Time
station-range-day = Day
station-range-week = Week
station-range-month = Month
station-range-year = Year
station-range-all = All
station-until = until (empty: today)
station-covered = Readings cover { $share } % of the time. Gaps stay empty.
station-nothing = There are no readings in this time.
station-missing = { $n } readings cannot be read from the disk and are missing here.
station-wind = Wind
station-compare = Comparison
station-compare-how = Hourly means of the same quantity and time, only hours that both have.
station-other = Compare with
station-other-none = – choose –
station-no-pairs = In this time they do not both have readings.
station-agree-higher = { $name } is higher than { $here } by { $bias } on average; typically they differ by { $rmse } ({ $n } hours).
station-agree-lower = { $name } is lower than { $here } by { $bias } on average; typically they differ by { $rmse } ({ $n } hours).
station-numbers = The comparison in numbers
station-n = hours in common
station-bias = mean difference (bias)
station-rmse = root mean square difference (RMSE)
station-sd = standard deviation of the differences
station-correlation = correlation
station-lag = lag
station-lag-hours = { $n } h (correlation then { $r })
station-equal = both equal
station-difference = { $name } − { $here }
station-teacher = For teachers
station-rejected = What was not stored ({ $n })
station-rejected-none = Nothing: everything that came was stored.
station-rejection = { $n } ×, last { $age }: { $detail }
station-arrived = Show me what arrived
station-arrived-how = The newest messages, without passwords. A click on a field assigns a quantity and a unit to it.
station-arrived-none = Nothing yet. As soon as the device sends it is here.
station-payload = Message
station-looks = looks like { $format }
station-mapping = Assign fields
station-map-property = Quantity
station-map-unit = Unit
station-map-channel = Place
station-map-away = Remove
station-try = Try
station-keep = Save like this
station-tried = { $property } ({ $channel }): { $value }
station-tried-nothing = This makes no reading.
station-renew = New key
station-renew-how = The old one is void from then on.
station-settings = Settings
station-save = Save
station-saved = Saved.
station-erase = Erase the station
station-erase-warning = Everything it ever sent is erased, from the disk, too. This cannot be undone.
station-erase-no = Keep it
station-erase-yes = Erase everything
property-temperature = Temperature
property-relative-humidity = Humidity
property-pressure = Air pressure (station)
property-sea-level-pressure = Air pressure (sea level)
property-wind-speed = Wind
property-wind-gust = Gusts
property-wind-direction = Wind direction
property-rain-total = Rain counter
property-precipitation = Precipitation
property-rain-rate = Rain rate
property-irradiance = Solar radiation
property-sunshine = Sunshine
property-illuminance = Brightness
property-uv-index = UV index
property-dew-point = Dew point
property-pm10 = Particles PM10
property-pm2-5 = Particles PM2.5
property-carbon-dioxide = CO₂
property-soil-moisture = Soil moisture
property-cloud-cover = Cloud cover
property-visibility = Visibility
property-sound-level = Sound level
property-voltage = Voltage
station-age-minutes =
    { $n ->
        [one] 1 minute ago
       *[other] { $n } minutes ago
    }
station-age-hours =
    { $n ->
        [one] 1 hour ago
       *[other] { $n } hours ago
    }
station-age-days =
    { $n ->
        [one] 1 day ago
       *[other] { $n } days ago
    }

# Files of open data, feeds, made-up weather: for teachers.
opendata-title = Weather data from others
demo-title = Made-up weather for lessons without internet
demo-how = Makes five stations: a year of hourly values, a month of values every 10 minutes, two days, one day, and a senseBox. Two made-up satellites on the page “The sky over the school” come with them.
demo-marked = This weather never was. Every station says so. If the stations are there already, nothing changes.
demo-make = Make the weather up
demo-making = The stations are being made and filled. This takes up to a minute.
demo-made = { $n } stations with made-up weather are here. They are in the list above.
files-title = Read files of weather data
files-how = The hub recognises a file by its content: zips and texts of the German weather service (opendata.dwd.de), Bright Sky, openSenseMap. The same file counts only once.
files-here = Read files of weather data for this station
files-station = For which station
files-new = – new station –
files-name = Name of the new station
files-input = Choose files or drop them here
files-whose = If the file does not say what it belongs to
files-said-station = Number of the station in the DWD's list
files-said-sensor = Sensor id of a table of openSenseMap
files-send = Read
files-choose = Please choose files first.
files-nameless = Please give the new station a name.
files-list = Files of this station
files-none = No file yet.
files-state-queued = comes later
files-state-sending = is being sent
files-state-place = waiting
files-state-refused = not taken
files-state-waiting = waiting
files-state-running = is being read
files-state-done = done
files-state-failed = not read
files-state-cancelled = cancelled
files-state-cut = interrupted
files-sending = { $name } is being sent
files-reading = { $name } is being read
files-place = The hub is reading other files. This one comes after them.
files-waiting = The file is here. The hub reads one after the other.
files-running =
    { $rows ->
        [one] So far 1 row was read, { $stored } readings stored.
       *[other] So far { $rows } rows were read, { $stored } readings stored.
    }
files-result =
    { $rows ->
        [one] 1 row was read: { $stored } readings stored, { $duplicates } were there already, { $rejected } not stored.
       *[other] { $rows } rows were read: { $stored } readings stored, { $duplicates } were there already, { $rejected } not stored.
    }
files-again = All here already: all { $duplicates } readings were stored.
files-nothing = There are no readings in the file, only facts about the station.
files-cut = The hub stopped in the middle. Hand in the same file again: what is there already does not count twice.
files-cancelled = Cancelled. What was stored until then stays.
files-more = Details
files-cancel = Cancel
files-away = Take off the list
files-by-demo = made-up weather
files-by-feed = fetched from “{ $name }”
files-kind-dwd-zip = DWD, zip
files-kind-dwd-product = DWD, readings as text
files-kind-dwd-stations = DWD, list of stations
files-kind-dwd-geography = DWD, where the station stood
files-kind-dwd-poi = DWD, last day (POI)
files-kind-brightsky = Bright Sky
files-kind-sense-box = openSenseMap, box
files-kind-sense-table = openSenseMap, table
files-kind-sense-list = openSenseMap, list
files-rejected = { $n } × not stored: { $reason }
files-reason-no-value = There is no value in these places (such as -999).
files-reason-conflicting = Another value of this time is stored already. The first one stays.
files-reason-time-out-of-range = The time is before 1970 or in the future.
files-reason-undecodable = These places cannot be read.
files-reason-not-finite = This is no number.
files-note-station = The file is of the station { $detail }.
files-note-placed = The station's place is in its settings now: { $detail }.
files-note-moved = Place from { $day }: { $place }
files-note-interval = Each time is the end of { $n } minutes.
files-note-quality = Quality as the DWD says: { $detail }
files-note-not-kept = Not stored: { $detail }
files-note-local-time = Before 2000 the DWD counts in Central European Time. The hub has converted it.
files-note-repeated = A value is in the file twice: { $detail }
files-error-damaged = The zip is damaged or incomplete. Download it again, whole.
files-error-page = This is a web page and no file of readings. Perhaps the address was wrong.
files-error-large = The file is too large: at most 64 MB, zips 16 MB. Take one with fewer years.
files-error-list = This is the list of all stations. Say above which number this station has.
files-error-not-listed = This number is not in the list.
files-error-sensor = These are values of a single sensor. Read the box as JSON first, and say the sensor's id above.
problem-file-unknown = The hub does not know this file. It reads weather data of the DWD, Bright Sky and openSenseMap. Orbits of satellites belong on the page “The sky over the school”.
problem-file-page = This is a web page and no file of readings. Perhaps the address was wrong.
problem-file-too-large = The file is too large: at most 64 MB, zips 16 MB. Take one with fewer years.
feeds-title = What the hub fetches from the internet by itself
feeds-how = The hub asks these services from time to time and stores what is new.
feeds-none = None. Whoever runs the hub can name services in messwerk.toml; docs/stations.md says how, under “Feeds”.
feeds-wrong = it does not work
feeds-unasked = not asked yet
feeds-well = in order
feeds-never = never yet
feeds-asked = Asked
feeds-news = Something new
feeds-next = Next time
feeds-files = Files so far
feeds-error =
    { $n ->
        [0] It did not work last time: { $why }
        [one] It did not work last time: { $why }
       *[other] It did not work { $n } times in a row: { $why }
    }
feeds-why-status = The service reports the error { $status }. Does it know the station that is named in messwerk.toml?
feeds-ask = Ask now
feeds-asking = “{ $name }” is being asked. This may take some minutes.
feeds-said-news = “{ $name }” had something new. It is stored.
feeds-said-none = “{ $name }” had nothing new.
feeds-said-wrong = “{ $name }”: it did not work. The reason is above.
feeds-too-soon = “{ $name }” was asked just now and does not want to be asked so often. Again from { $time }.
