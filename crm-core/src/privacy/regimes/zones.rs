//! The time zones of places: the candidates for the wall clock of somebody whose zone is not known.

use super::place::Place;

/// The zones of the places that have rules by the hour or are in a regime: IANA names.
const ZONES: &[(Place, &[&str])] = &[
    (Place::of("AT"), &["Europe/Vienna"]),
    (Place::of("BE"), &["Europe/Brussels"]),
    (Place::of("BG"), &["Europe/Sofia"]),
    (Place::of("CN"), &["Asia/Shanghai"]),
    (Place::of("CY"), &["Asia/Nicosia"]),
    (Place::of("CZ"), &["Europe/Prague"]),
    (Place::of("DE"), &["Europe/Berlin"]),
    (Place::of("DK"), &["Europe/Copenhagen"]),
    (Place::of("EE"), &["Europe/Tallinn"]),
    (Place::of("ES"), &["Europe/Madrid", "Atlantic/Canary"]),
    (Place::of("FI"), &["Europe/Helsinki"]),
    (Place::of("FR"), &["Europe/Paris"]),
    (Place::of("GB"), &["Europe/London"]),
    (Place::of("GR"), &["Europe/Athens"]),
    (Place::of("HR"), &["Europe/Zagreb"]),
    (Place::of("HU"), &["Europe/Budapest"]),
    (Place::of("IE"), &["Europe/Dublin"]),
    (Place::of("IS"), &["Atlantic/Reykjavik"]),
    (Place::of("IT"), &["Europe/Rome"]),
    (Place::of("LI"), &["Europe/Vaduz"]),
    (Place::of("LT"), &["Europe/Vilnius"]),
    (Place::of("LU"), &["Europe/Luxembourg"]),
    (Place::of("LV"), &["Europe/Riga"]),
    (Place::of("MT"), &["Europe/Malta"]),
    (Place::of("NL"), &["Europe/Amsterdam"]),
    (Place::of("NO"), &["Europe/Oslo"]),
    (Place::of("PL"), &["Europe/Warsaw"]),
    (Place::of("PT"), &["Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"]),
    (Place::of("RO"), &["Europe/Bucharest"]),
    (Place::of("SE"), &["Europe/Stockholm"]),
    (Place::of("SI"), &["Europe/Ljubljana"]),
    (Place::of("SK"), &["Europe/Bratislava"]),
    (Place::of("AU-ACT"), SYDNEY),
    (Place::of("AU-NSW"), &["Australia/Sydney", "Australia/Broken_Hill"]),
    (Place::of("AU-NT"), &["Australia/Darwin"]),
    (Place::of("AU-QLD"), &["Australia/Brisbane"]),
    (Place::of("AU-SA"), &["Australia/Adelaide"]),
    (Place::of("AU-TAS"), &["Australia/Hobart"]),
    (Place::of("AU-VIC"), &["Australia/Melbourne"]),
    (Place::of("AU-WA"), &["Australia/Perth"]),
    (
        Place::of("AU"),
        &[
            "Australia/Sydney",
            "Australia/Brisbane",
            "Australia/Adelaide",
            "Australia/Darwin",
            "Australia/Perth",
        ],
    ),
    (Place::of("BR"), &["America/Noronha", "America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"]),
    (Place::of("CA-AB"), &["America/Edmonton"]),
    (Place::of("CA-BC"), &["America/Vancouver", "America/Edmonton"]),
    (Place::of("CA-MB"), &["America/Winnipeg"]),
    (Place::of("CA-NB"), HALIFAX),
    (Place::of("CA-NL"), &["America/St_Johns", "America/Halifax"]),
    (Place::of("CA-NS"), HALIFAX),
    (Place::of("CA-ON"), &["America/Toronto", "America/Winnipeg"]),
    (Place::of("CA-PE"), HALIFAX),
    (Place::of("CA-QC"), &["America/Toronto", "America/Halifax"]),
    (Place::of("CA-SK"), &["America/Regina"]),
    (
        Place::of("CA"),
        &[
            "America/St_Johns",
            "America/Halifax",
            "America/Toronto",
            "America/Winnipeg",
            "America/Regina",
            "America/Edmonton",
            "America/Vancouver",
        ],
    ),
    (Place::of("US-AL"), CENTRAL),
    (Place::of("US-AK"), &["America/Anchorage", "America/Adak"]),
    (Place::of("US-AZ"), &["America/Phoenix", "America/Denver"]),
    (Place::of("US-AR"), CENTRAL),
    (Place::of("US-CA"), PACIFIC),
    (Place::of("US-CO"), MOUNTAIN),
    (Place::of("US-CT"), EASTERN),
    (Place::of("US-DC"), EASTERN),
    (Place::of("US-DE"), EASTERN),
    (Place::of("US-FL"), EASTERN_AND_CENTRAL),
    (Place::of("US-GA"), EASTERN),
    (Place::of("US-HI"), &["Pacific/Honolulu"]),
    (Place::of("US-ID"), MOUNTAIN_AND_PACIFIC),
    (Place::of("US-IL"), CENTRAL),
    (Place::of("US-IN"), EASTERN_AND_CENTRAL),
    (Place::of("US-IA"), CENTRAL),
    (Place::of("US-KS"), CENTRAL_AND_MOUNTAIN),
    (Place::of("US-KY"), EASTERN_AND_CENTRAL),
    (Place::of("US-LA"), CENTRAL),
    (Place::of("US-MA"), EASTERN),
    (Place::of("US-MD"), EASTERN),
    (Place::of("US-ME"), EASTERN),
    (Place::of("US-MI"), EASTERN_AND_CENTRAL),
    (Place::of("US-MN"), CENTRAL),
    (Place::of("US-MO"), CENTRAL),
    (Place::of("US-MS"), CENTRAL),
    (Place::of("US-MT"), MOUNTAIN),
    (Place::of("US-NC"), EASTERN),
    (Place::of("US-ND"), CENTRAL_AND_MOUNTAIN),
    (Place::of("US-NE"), CENTRAL_AND_MOUNTAIN),
    (Place::of("US-NH"), EASTERN),
    (Place::of("US-NJ"), EASTERN),
    (Place::of("US-NM"), MOUNTAIN),
    (Place::of("US-NV"), MOUNTAIN_AND_PACIFIC),
    (Place::of("US-NY"), EASTERN),
    (Place::of("US-OH"), EASTERN),
    (Place::of("US-OK"), CENTRAL),
    (Place::of("US-OR"), MOUNTAIN_AND_PACIFIC),
    (Place::of("US-PA"), EASTERN),
    (Place::of("US-RI"), EASTERN),
    (Place::of("US-SC"), EASTERN),
    (Place::of("US-SD"), CENTRAL_AND_MOUNTAIN),
    (Place::of("US-TN"), EASTERN_AND_CENTRAL),
    (Place::of("US-TX"), CENTRAL_AND_MOUNTAIN),
    (Place::of("US-UT"), MOUNTAIN),
    (Place::of("US-VA"), EASTERN),
    (Place::of("US-VT"), EASTERN),
    (Place::of("US-WA"), PACIFIC),
    (Place::of("US-WI"), CENTRAL),
    (Place::of("US-WV"), EASTERN),
    (Place::of("US-WY"), MOUNTAIN),
    (
        Place::of("US"),
        &[
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Phoenix",
            "America/Los_Angeles",
            "America/Anchorage",
            "Pacific/Honolulu",
        ],
    ),
];

const SYDNEY: &[&str] = &["Australia/Sydney"];
const HALIFAX: &[&str] = &["America/Halifax"];
const EASTERN: &[&str] = &["America/New_York"];
const CENTRAL: &[&str] = &["America/Chicago"];
const MOUNTAIN: &[&str] = &["America/Denver"];
const PACIFIC: &[&str] = &["America/Los_Angeles"];
const EASTERN_AND_CENTRAL: &[&str] = &["America/New_York", "America/Chicago"];
const CENTRAL_AND_MOUNTAIN: &[&str] = &["America/Chicago", "America/Denver"];
const MOUNTAIN_AND_PACIFIC: &[&str] = &["America/Denver", "America/Los_Angeles"];

/// The zones in which somebody in a place may be: those of the part of the country when it is known and listed, else
/// those of the whole country. Empty when nothing is known; then no hour is known to be permitted.
///
/// ```
/// use crm_core::privacy::regimes::zones::zones_of;
/// assert_eq!(zones_of("US-FL".parse()?), ["America/New_York", "America/Chicago"]);
/// assert_eq!(zones_of("DE-BE".parse()?), ["Europe/Berlin"]);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn zones_of(place: Place) -> &'static [&'static str] {
    let exact = ZONES.iter().find(|(listed, _)| *listed == place);
    let whole = || ZONES.iter().find(|(listed, _)| !listed.has_part() && listed.same_country(place));
    exact.or_else(whole).map_or(&[], |(_, zones)| *zones)
}
