//! Section 2: a request for access, with its clock and its package.

use crm_core::Result;
use crm_core::privacy::rights::{
    Language, PackageFormat, PackageOptions, RightsRegime, RightsRequest, SubjectRight,
};

use crate::sample::World;
use crate::support::screen::{done, section};
use crate::support::words::day;

pub(crate) fn show(world: &World) -> Result<()> {
    section(
        2,
        "A request for access (GDPR Article 15)",
        &["session.rights().open(request)", "session.rights().access_package(person, None, options)"],
    );
    let session = world.officer();
    let request = RightsRequest {
        right: SubjectRight::Access,
        regime: RightsRegime::Gdpr,
        person: Some(world.ada),
        ..RightsRequest::default()
    };
    let request = session.rights().open(request)?;
    let due = request.due_on.map(day).unwrap_or_default();
    done(
        &format!("opened {}", request.number.unwrap_or_default()),
        &format!("to be answered by {due}, one calendar month"),
    );
    let options = PackageOptions {
        format: PackageFormat::Both,
        language: Language::En,
        controller: Some("Nordlicht Werke GmbH, privacy@nordlicht.example".into()),
    };
    let package = session.rights().access_package(Some(world.ada), None, &options)?;
    for file in &package.files {
        let path = world.folder.join(&file.name);
        std::fs::write(&path, &file.content)
            .map_err(|error| crate::support::files::io_error(&path, &error))?;
        done(&format!("{} ({})", file.name, file.media_type), &path.display().to_string());
    }
    done(&format!("{} records in it", package.records), &format!("SHA-256 {}", &package.sha256));
    Ok(())
}
