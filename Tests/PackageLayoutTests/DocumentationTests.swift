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
}
