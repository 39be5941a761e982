import Parameterization

/// A parameter's name as somebody types it.
package enum AxisName {
    /// The known name that is meant: Greek letters spelt out (`β` is `beta`), letters of another case where one known name alone
    /// has them (`o1.X` is `O1.x`). The text, spelt out, where no name or more than one is like it.
    package static func meant(_ text: String, among known: [String]) -> String {
        let name = Parameter.asciiName(text)
        guard !known.contains(name) else { return name }
        let alike = Set(known.filter { $0.lowercased() == name.lowercased() })
        return alike.count == 1 ? alike.first ?? name : name
    }
}
