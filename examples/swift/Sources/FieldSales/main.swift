// The console of somebody who sells in the field, with the CRM inside: what is on today, who is near, what was agreed.
// There is no server; everything is in one file on the device.
//
//   FieldSales [FILE]      FILE is the database, made when it does not exist; field_sales.db otherwise
import Crm
import Foundation

let file = CommandLine.arguments.dropFirst().first ?? "field_sales.db"
// A real app leaves the clock out; here it stands still, so that the console looks the same every day.
let options = OpenOptions(path: file, country: "DE", zone: "Europe/Berlin", clock: "2026-11-21T09:00:00Z")

func complain(_ reason: String) {
    FileHandle.standardError.write(Data("\(reason)\n".utf8))
}

do {
    let crm = try await CRM.open(options)
    let sample = try await workTheDay(crm)
    try await crm.close()
    // Tomorrow the app starts again, and finds what it wrote.
    let tomorrow = try await CRM.open(options)
    try await Console(session: tomorrow.session()).showWhatIsKept(sample)
    try await tomorrow.close()
} catch let error as CrmError {
    complain("\(error.path.map { "\($0): " } ?? "")\(error.reason) (\(error.code))")
    exit(1)
}

func workTheDay(_ crm: CRM) async throws -> Sample {
    let everybody = try await crm.session()
    if try await everybody({ try $0.organisations().count() }) > 0 {
        complain("The database has customers already; the example begins with an empty one.")
        exit(2)
    }
    let sample = try await loadSample(everybody)
    // From here on Nina acts, and the journal says so.
    let nina = try await crm.session(actor: "user:\(sample.nina.id)")
    let console = Console(session: nina)

    console.showHeader(sample)
    try await console.showAgenda(sample)
    try await console.showDeals(near: "Hamburg")

    print("\nThe visit is recorded, and the order wins its deal.\n")
    try await record(visit: sample, nina)
    _ = try await nina { try $0.deals().moveTo(deal: sample.forklifts.id, stage: sample.won.id) }

    try await console.showAgenda(sample)
    try await console.showDeals(near: "Hamburg")
    try await console.showBoard(sample)
    return sample
}
