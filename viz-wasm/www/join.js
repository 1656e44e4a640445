// The pupil's page. Everything is in phone/: phone.js is the phone in a lesson, page.js shows it, entrance.js lets it in.

import "./phone/page.js";
