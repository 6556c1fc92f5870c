//! Custom fields and custom types are imported as built-in ones are: mapped, checked, linked, upserted, undone.

use crm_core::customize::{CustomField, CustomKind, CustomOption, CustomType};
use crm_core::interchange::{ImportOptions, Mapping};
use crm_core::record::filter::Filter;
use crm_core::{Actor, Config, ManualClock, Purpose, SeededRandom, Session};

fn open() -> Session {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([1; 32])));
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let fields = session.custom_fields();
    let options = vec![CustomOption::new("gold", "Gold"), CustomOption::new("silver", "Silver")];
    let level = CustomField { kind: CustomKind::Select, options, ..CustomField::new("person", "x_level") };
    fields.create(level).unwrap();
    fields
        .create(CustomField {
            kind: CustomKind::Decimal,
            scale: Some(2),
            ..CustomField::new("person", "x_score")
        })
        .unwrap();
    session.custom_types().create(CustomType { name: "x_machine".into(), ..CustomType::default() }).unwrap();
    fields.create(CustomField { required: true, ..CustomField::new("x_machine", "x_serial") }).unwrap();
    let owner = CustomField {
        kind: CustomKind::Link,
        target: Some("person".into()),
        ..CustomField::new("x_machine", "x_holder")
    };
    fields.create(owner).unwrap();
    session
}

#[test]
fn custom_fields_and_types_are_imported_and_undone() {
    let session = open();
    let people = Mapping::from_json(
        r#"{"record_type": "person", "mode": "upsert", "key": ["Id"], "columns": [
            {"column": "Name", "field": "family_name"},
            {"column": "Level", "field": "x_level", "values": {"A": "gold", "B": "silver"}},
            {"column": "Score", "field": "x_score"}]}"#,
    )
    .unwrap();
    let rows = "Id,Name,Level,Score\n1,Ada,A,1.50\n2,Bob,C,2\n3,Cid,B,1.234\n4,Dan,,3\n";
    let report = session.imports().csv(rows.as_bytes(), &people, ImportOptions::default()).unwrap();
    let rejected: Vec<_> = report
        .rejects
        .iter()
        .map(|reject| (reject.row, reject.column.as_deref(), reject.code.as_str()))
        .collect();
    assert_eq!(rejected, [(2, Some("Level"), "select.unknown"), (3, Some("Score"), "field.scale")]);
    let count = |filter: &str| session.people().count(&filter.parse::<Filter>().unwrap()).unwrap();
    assert_eq!((count("x_level = \"gold\""), count("x_score > 1")), (1, 2));

    let machines = Mapping::from_json(
        r#"{"record_type": "x_machine", "key": ["Serial"], "columns": [
            {"column": "Serial", "field": "x_serial"},
            {"column": "Person", "field": "x_holder", "link": {"by": "key"}}]}"#,
    )
    .unwrap();
    let rows = "Serial,Person\nM-1,1\nM-2,9\n";
    let made = session.imports().csv(rows.as_bytes(), &machines, ImportOptions::default()).unwrap();
    assert_eq!((made.total.created, made.rejects.len()), (1, 1));
    let held =
        session.records("x_machine").count(&r#"x_holder.family_name = "Ada""#.parse().unwrap()).unwrap();
    assert_eq!(held, 1);

    let again = "Id,Name,Level,Score\n1,Ada,B,1.50\n";
    let changed = session.imports().csv(again.as_bytes(), &people, ImportOptions::default()).unwrap();
    assert_eq!((changed.total.updated, count("x_level = \"silver\"")), (1, 1));
    session.imports().undo(changed.job).unwrap();
    assert_eq!(count("x_level = \"gold\""), 1);
    session.imports().undo(made.job).unwrap();
    session.imports().undo(report.job).unwrap();
    assert_eq!(
        (
            session.people().count(&Filter::all()).unwrap(),
            session.records("x_machine").count(&Filter::all()).unwrap()
        ),
        (0, 0)
    );
}
