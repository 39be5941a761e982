/// What JSON records state and a crystal record has no place for, by name and once.
struct JSONUnkept {
    private(set) var names: [String] = []
    private var known: Set<String> = []

    /// What ASE's rows hold beside the atoms.
    static let aseQuantities = [
        "energy", "free_energy", "forces", "stress", "magmom", "magmoms", "dipole", "charges", "momenta",
        "initial_magmoms", "initial_charges", "tags", "masses", "constraints",
    ]

    mutating func note(_ name: String) {
        if known.insert(name).inserted { names.append(name) }
    }

    /// Every member that says something, except those that a record keeps.
    mutating func note(_ members: [JSONObject.Member]?, but kept: [String]) {
        for member in members ?? [] where !kept.contains(member.key) && Self.saysSomething(member.value) {
            note(member.key)
        }
    }

    mutating func note(_ members: [JSONObject.Member]?, only keys: [String]) {
        for member in members ?? [] where keys.contains(member.key) && Self.saysSomething(member.value) {
            note(member.key)
        }
    }

    /// A structure's charge of 0 and empty lists are no loss.
    private static func saysSomething(_ value: JSONValue) -> Bool {
        switch value {
        case .null: false
        case .number(let number): number != 0
        case .array(let values): !values.isEmpty
        case .object(let object): !object.members.isEmpty
        case .string(let text): !text.isEmpty
        case .bool: true
        }
    }
}
