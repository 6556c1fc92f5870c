//! The rules of conversion, line by line.
use crm_core::interchange::vcard::{OutputVersion, read, write};

/// The lines of a card in another version, without its frame and the FN and N that every version may demand.
fn converted(from: &str, lines: &str, to: OutputVersion) -> String {
    let input = format!("BEGIN:VCARD\nVERSION:{from}\nFN:x\nN:x;;;;\n{lines}\nEND:VCARD\n");
    let card = read(input.as_bytes()).next().expect("one card").expect("a good card").card;
    let text = write(&card, to).expect("can be written").replace("\r\n ", "");
    let lines = text.lines().filter(|line| {
        !["BEGIN:", "END:", "VERSION:", "FN:x", "N:x"].iter().any(|frame| line.starts_with(frame))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn both_ways() {
    let check = |three: &str, four: &str| {
        assert_eq!(converted("3.0", three, OutputVersion::V4_0), four, "3.0 to 4.0");
        assert_eq!(converted("4.0", four, OutputVersion::V3_0), three, "4.0 to 3.0");
    };
    check("TEL;TYPE=home,pref:1", "TEL;TYPE=home;PREF=1:1");
    check("TEL;PREF=2:1", "TEL;PREF=2:1");
    check("PHOTO;ENCODING=b;TYPE=JPEG:AAAA", "PHOTO:data:image/jpeg;base64,AAAA");
    check("PHOTO;ENCODING=b:AAAA", "PHOTO:data:application/octet-stream;base64,AAAA");
    check("PHOTO;VALUE=uri;TYPE=PNG:http://x/a", "PHOTO;VALUE=uri;MEDIATYPE=image/png:http://x/a");
    check("KEY;ENCODING=b;TYPE=X509:AAAA", "KEY:data:application/pkix-cert;base64,AAAA");
    check("LOGO;ENCODING=b;MEDIATYPE=text/plain:AAAA", "LOGO:data:text/plain;base64,AAAA");
    check("X-Own;ENCODING=b;TYPE=PDF:AAAA", "X-Own;VALUE=uri:data:application/pdf;base64,AAAA");
    check("GEO:1.5;-2", "GEO:geo:1.5,-2");
    check("TZ:-05:00\nTZ;VALUE=text:Europe/Paris", "TZ:-05:00\nTZ:Europe/Paris");
    check("BDAY;VALUE=date:1985-04-12", "BDAY;VALUE=date-and-or-time:19850412");
    check("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12", "BDAY:--0412");
    check("BDAY;VALUE=text:in spring", "BDAY;VALUE=text:in spring");
    check("REV:1995-10-31T22:27:10Z", "REV:19951031T222710Z");
    check("ADR;TYPE=work:;;a\nLABEL;TYPE=work:b\\nc", "ADR;TYPE=work;LABEL=b^nc:;;a");
    check("AGENT:BEGIN:VCARD\\nEND:VCARD", "RELATED;TYPE=agent;VALUE=text:BEGIN:VCARD\\nEND:VCARD");
    check("AGENT;VALUE=uri:http://x", "RELATED;VALUE=uri;TYPE=agent:http://x");
    check("X-ADDRESSBOOKSERVER-KIND:group", "KIND:group");
    check("item1.X-ABLabel;X-P=1:a\\,b", "item1.X-ABLabel;X-P=1:a\\,b");
    check("MAILER:a\nCLASS:b\nSORT-STRING:c", "MAILER:a\nCLASS:b\nSORT-STRING:c");
}

#[test]
fn one_way() {
    let to_four = |three, four| assert_eq!(converted("3.0", three, OutputVersion::V4_0), four);
    to_four("URL:http\\://x", "URL:http://x");
    to_four("TEL;type=CELL;type=pref:1", "TEL;TYPE=CELL;PREF=1:1");
    // A label goes only where it is the only one that can be meant.
    to_four("LABEL:b\nADR:;;a\nADR:;;c", "LABEL:b\nADR:;;a\nADR:;;c");
    to_four("ADR:;;a\nLABEL:b\nLABEL:c", "ADR;LABEL=b:;;a\nLABEL:c");
    to_four("ADR;LABEL=b:;;a\nLABEL:c", "ADR;LABEL=b:;;a\nLABEL:c");
    // 4.0 has no fraction of a second.
    to_four("REV:1995-10-31T22:27:10.5Z", "REV:1995-10-31T22:27:10.5Z");

    let to_three = |four, three| assert_eq!(converted("4.0", four, OutputVersion::V3_0), three);
    to_three("TEL;VALUE=uri;TYPE=\"work,voice\":tel:+1;ext=2", "TEL;TYPE=work,voice:+1\\;ext=2");
    to_three("PHOTO:http://x", "PHOTO;VALUE=uri:http://x");
    to_three("X-A;VALUE=uri:data:,a%20b", "X-A;ENCODING=b:YSBi");
    to_three("GEO:geo:1,2;u=3", "GEO:geo:1,2;u=3");

    let from_two = |two, three| assert_eq!(converted("2.1", two, OutputVersion::V3_0), three);
    from_two("GEO:13.4,52.5", "GEO:52.5;13.4");
    from_two("TEL;HOME;VOICE:1", "TEL;TYPE=HOME,VOICE:1");
    from_two("PHOTO;URL;GIF:http://x", "PHOTO;VALUE=uri;TYPE=GIF:http://x");
    from_two("SOUND;BASE64;WAVE:AA\n BB\n", "SOUND;ENCODING=b;TYPE=WAVE:AABB");
    from_two("BDAY:19850412", "BDAY:1985-04-12");
}

#[test]
fn what_is_demanded_is_made() {
    let check = |body: &str, expected: &str| {
        let input = format!("BEGIN:VCARD\nVERSION:2.1\n{body}\nEND:VCARD\n");
        let card = read(input.as_bytes()).next().expect("one card").expect("a good card").card;
        assert_eq!(card.converted(OutputVersion::V3_0).first("FN").expect("is made").text(), expected);
        assert!(card.converted(OutputVersion::V3_0).first("N").is_some());
    };
    check("N:Roe;Jane;Ann;Dr.;PhD", "Dr. Jane Ann Roe PhD");
    check("ORG:Example, Inc.;Sales", "Example, Inc.");
    check("EMAIL:a@example.com", "a@example.com");
    check("TEL:1", "");
}
