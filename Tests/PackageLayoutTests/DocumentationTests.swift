import Testing

@Suite struct DocumentationTests {
    @Test func everyPublicDeclarationIsDocumented() throws {
        var counts: [(target: String, names: [String])] = []
        for target in try SwiftSource.targets() {
            let names = try SwiftSource.all(in: target).flatMap { source in
                source.undocumented().map { "\(source.name):\($0)" }
            }
            if !names.isEmpty { counts.append((target, names)) }
        }
        let total = counts.reduce(0) { $0 + $1.names.count }
        let list = counts.map { "\($0.target) \($0.names.count)" }.joined(separator: ", ")
        #expect(total == 0, "\(total) public declarations have no documentation: \(list)")
    }

    /// A value that is called like a function has no title in the documentation, and nobody finds it by its name.
    @Test func everyPublicFunctionHasAName() throws {
        for target in try SwiftSource.targets() {
            for source in try SwiftSource.all(in: target) {
                let isNamed = !source.text.contains(/public (?:mutating )?func callAsFunction/)
                #expect(isNamed, "\(target)/\(source.name)")
            }
        }
    }
}
