/// Whether what came is what was expected, by the table in tests/vectors/README.md.
func matches(_ expected: JSON, _ got: JSON) -> Bool {
    switch (expected, got) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.integer(let a), .number(let b)): Double(a) == b
    case (.number(let a), .integer(let b)): a == Double(b)
    case (.number(let a), .number(let b)): a == b
    // Swift's == takes canonically equivalent texts for the same; here they are not.
    case (.text(let a), .text(let b)): a.unicodeScalars.elementsEqual(b.unicodeScalars)
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy(matches)
    case (.object(let members), _): matches(members, expected, got)
    default: false
    }
}

private func matches(_ members: [String: JSON], _ expected: JSON, _ got: JSON) -> Bool {
    switch expected.only {
    case ("$any", _)?:
        if case .null = got { return false }
        return true
    case ("$absent", _)?:
        if case .null = got { return true }
        return false
    case ("$type", .text(let type))?: return typeOf(got) == type
    case ("$length", .integer(let length))?: return lengthOf(got) == Int(length)
    case ("$contains", let item)?: return got.items.contains { matches(item, $0) }
    default:
        guard case .object(let came) = got else { return false }
        return members.allSatisfy { matches($0.value, came[$0.key] ?? .null) }
    }
}

private func typeOf(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .number: "number"
    case .text: "string"
    case .list: "array"
    case .object: "object"
    }
}

/// How many items a list has, or code points a text.
private func lengthOf(_ value: JSON) -> Int? {
    switch value {
    case .list(let items): items.count
    case .text(let text): text.unicodeScalars.count
    default: nil
    }
}
