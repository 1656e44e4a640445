//! Pictures: which kind, and how large, from their headers. They are never decoded here.

/// The longest side, in points.
const LONGEST: u32 = 4096;

/// A kind of picture that browsers show and that holds no program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it")]
pub enum PictureKind {
    Png,
    Jpeg,
    WebP,
}

impl PictureKind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// Whether a file name's ending says so.
    pub fn has_ending(self, path: &str) -> bool {
        let ending = path.rsplit('.').next().unwrap_or_default();
        match self {
            Self::Png => ending == "png",
            Self::Jpeg => ending == "jpg" || ending == "jpeg",
            Self::WebP => ending == "webp",
        }
    }
}

/// What a picture's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// Its kind, by its first bytes.
    pub kind: PictureKind,
    /// Its width in points, 1 to 4096.
    pub width: u32,
    /// Its height in points, 1 to 4096.
    pub height: u32,
}

/// Reads a header (PNG specification 11.2.2; ITU-T T.81 B.2.2; RFC 9649, 2.5 to 2.7), or says why it is none.
pub(super) fn picture(bytes: &[u8]) -> Result<Picture, &'static str> {
    let (kind, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (PictureKind::Png, png(bytes))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        (PictureKind::Jpeg, jpeg(bytes))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        (PictureKind::WebP, webp(bytes))
    } else {
        return Err("is no PNG, JPEG or WebP picture: save it as one of them");
    };
    let (width, height) = size.ok_or("is damaged: save the picture again")?;
    if width == 0 || height == 0 {
        return Err("is an empty picture: save it again");
    }
    if width.max(height) > LONGEST {
        return Err("has a side of more than 4096 points: make it smaller");
    }
    Ok(Picture { kind, width, height })
}

fn big_endian(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(count)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn little_endian(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(count)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((big_endian(bytes, 16, 4)?, big_endian(bytes, 20, 4)?))
}

/// From marker to marker to the frame header.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        while *bytes.get(at)? == 0xff && *bytes.get(at + 1)? == 0xff {
            at += 1;
        }
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0x01 | 0xd0..=0xd7 => at += 2,
            // Frame headers; C4, C8 and CC are something else.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                return Some((big_endian(bytes, at + 7, 2)?, big_endian(bytes, at + 5, 2)?));
            }
            // The picture's data or its end, before any frame header.
            0xd9 | 0xda => return None,
            _ => at += 2 + (big_endian(bytes, at + 2, 2)? as usize).max(2),
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => {
            (bytes.get(23..26)? == [0x9d, 0x01, 0x2a]).then_some(())?;
            Some((little_endian(bytes, 26, 2)? & 0x3fff, little_endian(bytes, 28, 2)? & 0x3fff))
        }
        b"VP8L" => {
            (*bytes.get(20)? == 0x2f).then_some(())?;
            let bits = little_endian(bytes, 21, 4)?;
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((little_endian(bytes, 24, 3)? + 1, little_endian(bytes, 27, 3)? + 1)),
        _ => None,
    }
}
