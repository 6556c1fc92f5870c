extension CrmError {
    /// The stable dotted code, for example `person.emails.invalid`.
    public var code: String { switch self { case let .Failed(code, _, _, _, _, _): code } }

    /// What sort of failure it is: what to branch on first.
    public var kind: Kind { switch self { case let .Failed(_, kind, _, _, _, _): kind } }

    /// The stable number of the kind.
    public var status: Int { switch self { case let .Failed(_, _, status, _, _, _): Int(status) } }

    /// The field, row or position that it is about, for example `emails[0].address`.
    public var path: String? { switch self { case let .Failed(_, _, _, path, _, _): path } }

    /// The reason in words, in English, without personal data.
    public var reason: String { switch self { case let .Failed(_, _, _, _, reason, _): reason } }

    /// Details that a program can read: the text of a JSON object.
    public var details: String { switch self { case let .Failed(_, _, _, _, _, details): details } }
}
