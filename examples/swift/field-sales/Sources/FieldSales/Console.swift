import Crm
import Foundation

private let rule = String(repeating: "─", count: 95)

/// What is shown. Every list is a filter or a query of the engine; nothing is summed in floating point here.
struct Console {
    let session: CRMSession

    func showHeader(_ sample: Sample) {
        let (customer, address) = (sample.customer, sample.customer.addresses[0])
        print("Field sales · \(sample.nina.name) · offline")
        print(
            "Today: \(customer.name) · \(address.street ?? ""), \(address.postalCode ?? "") \(address.locality ?? "") · "
                + "\(customer.phones[0].number ?? "")\n\(rule)")
    }

    func showAgenda(_ sample: Sample) async throws {
        let user = sample.nina.id
        let agenda = try await session { try $0.agenda().list(user: user) }
        printRow([("Agenda", 16), ("When", 17), ("What", 0)])
        for item in agenda.records {
            let bucket =
                switch item.bucket {
                case .overdue: "! overdue"
                case .today: "today"
                case .upcoming: "to come"
                }
            printRow([(bucket, 16), (localTime(item.at), 17), (item.title, 0)])
        }
        print(rule)
    }

    func showDeals(near locality: String) async throws {
        let near = try await session {
            try $0.organisations().list(limit: 1000).records
                .filter { $0.addresses.contains { $0.locality == locality } }
        }
        // Filters reach through links; a value in double quotes is the same for every type.
        let places = near.map { "organisation = \"\($0.id)\"" }.joined(separator: " or ")
        let filter = "stage.stage_type = \"open\" and (\(places))"
        printRow([("Open deals in \(locality)", 32), ("Stage", 15), ("Contact", 16), ("Close", 10), ("Amount", -18)])
        try await session { session in
            for deal in try session.deals().list(filter: filter, sort: ["expected_close_date"], limit: 100).records {
                let contact = try session.people().get(id: deal.person ?? "")
                let name = "\(contact.givenName ?? "") \(contact.familyName ?? "")"
                let stage = try session.stages().get(id: deal.stage).name
                printRow([
                    (deal.name, 32), (stage, 15), (name, 16), (deal.expectedCloseDate ?? "", 10),
                    (shown(deal.amount), -18),
                ])
            }
        }
        let groups = try await session {
            try $0.deals().group(
                filter: filter,
                measures: [
                    Measure(measure: .count), Measure(measure: .sum, of: "amount"),
                    Measure(measure: .weighted, of: "amount", weight: "stage.probability"),
                ])
        }
        let sums = groups.rows[0].measures
        printRow([("Sum of \(sums[0]) deals", 76), (shown(money(sums[1])), -18)])
        printRow([("Weighted by the probability of their stages", 76), (shown(money(sums[2])), -18)])
        print(rule)
    }

    func showBoard(_ sample: Sample) async throws {
        let pipeline = sample.won.pipeline
        printRow([("Board", 51), ("Deals", -5), ("Sum", -18), ("Weighted", -18)])
        for column in try await session({ try $0.pipelines().board(pipeline: pipeline) }).columns {
            printRow([
                (column.name, 51), ("\(column.count)", -5), (shown(column.amounts.first), -18),
                (shown(column.weighted.first), -18),
            ])
        }
        print(rule)
    }

    func showWhatIsKept(_ sample: Sample) async throws {
        let customer = sample.customer.id
        try await session { session in
            let notes = try session.notes().list(filter: "organisation = \"\(customer)\"").records
            let open = try session.tasks().count(filter: "status != \"completed\"")
            let entries = try session.journal().head().size
            let deals = try session.deals().count()
            print("In the file: \(deals) deals, \(open) open tasks, \(entries) entries of the journal, and a note:")
            print("  \(notes[0].body)")
        }
    }
}

/// Prints texts in columns of so many characters; a negative width puts a text to the right.
private func printRow(_ cells: [(text: String, width: Int)]) {
    let padded = cells.map { text, width in
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? space + text : text + space
    }
    print(padded.joined(separator: " "))
}

/// A moment such as `2026-11-21T13:00:00Z` as the clocks of Berlin show it.
private func localTime(_ moment: String) -> String {
    // Foundation rounds the last microsecond of a day up to the next day; a clock that shows minutes needs no fraction.
    let second = moment.replacing(/\.\d+/, with: "")
    guard let date = try? Date(second, strategy: .iso8601) else { return moment }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_GB")
    formatter.timeZone = TimeZone(identifier: "Europe/Berlin")
    formatter.dateFormat = "EEE d MMM HH:mm"
    return formatter.string(from: date)
}

private func money(_ text: String) -> Money? {
    struct Amount: Decodable { let amount: String, currency: String }
    guard let found = try? JSONDecoder().decode(Amount.self, from: Data(text.utf8)) else { return nil }
    return Money(amount: found.amount, currency: found.currency)
}

/// An amount such as `148500.00 EUR` with its thousands apart.
private func shown(_ money: Money?) -> String {
    let amount = money?.amount ?? "0.00"
    let parts = amount.split(separator: ".")
    let digits = Array(parts[0])
    var whole = ""
    for (place, digit) in digits.enumerated() {
        if place > 0 && (digits.count - place) % 3 == 0 { whole += " " }
        whole.append(digit)
    }
    return "\(whole).\(parts.count > 1 ? parts[1] : "00") \(money?.currency ?? "EUR")"
}
