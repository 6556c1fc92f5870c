/// What is wrong with a case, or with what came of it.
struct Wrong: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The results that a case has saved, and what stands for them.
struct Saved {
    private var results: [String: JSON] = [:]

    mutating func keep(_ result: JSON, as name: String) {
        results[name] = result
    }

    /// Puts what they stand for in the place of references, joins and repetitions.
    func fill(_ value: JSON) throws -> JSON {
        if case .list(let items) = value { return .list(try items.map(fill)) }
        guard case .object(let members) = value else { return value }
        switch value.only {
        case ("$ref", .text(let path))?: return try find(path)
        case ("$join", .list(let parts))?: return .text(try parts.map { try text(fill($0)) }.joined())
        case ("$repeat", .list(let arguments))?:
            guard arguments.count == 2, case .integer(let times) = arguments[1] else { throw Wrong("a wrong repetition") }
            return .text(String(repeating: try text(arguments[0]), count: Int(times)))
        default: return .object(try members.mapValues(fill))
        }
    }

    private func find(_ path: String) throws -> JSON {
        let steps = path.split(separator: ".").map(String.init)
        guard let first = steps.first, var value = results[first] else { throw Wrong("nothing is saved for \(path)") }
        for step in steps.dropFirst() {
            let next: JSON?
            if let place = Int(step), case .list(let items) = value {
                next = items.indices.contains(place) ? items[place] : nil
            } else {
                next = value[step]
            }
            guard let next else { throw Wrong("there is nothing at \(path)") }
            value = next
        }
        return value
    }

    private func text(_ value: JSON) throws -> String {
        guard let text = value.string else { throw Wrong("only texts are joined and repeated") }
        return text
    }
}
