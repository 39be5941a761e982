import Testing

/// Files of a target that name each other's types in a circle can only be read together.
@Suite struct FileCirclesTests {
    /// Circles that stand, each with its reason; the test is for all others.
    private static let known: [(target: String, files: Set<String>, reason: String)] = []
    /// The command's root lists its subcommands, and they tell its version.
    private static let roots: Set<String> = ["Sources/WyckoffCommand"]

    /// The files that each file of a target needs: those that declare a type it names. An extension may name what it
    /// extends, and a type in another stands in the file that declares it.
    private func needs(_ sources: [SwiftSource]) -> [String: Set<String>] {
        let declared = sources.map { ($0.name, $0.declarations()) }
        var owner: [String: String] = [:]
        for (file, (types, _)) in declared {
            for type in types { owner[type] = owner[type] ?? file }
        }
        var result: [String: Set<String>] = [:]
        for (source, (file, (_, extended))) in zip(sources, declared) {
            for chain in source.namesUsed() {
                let parts = chain.split(separator: ".").map(String.init)
                let nested = parts.prefix(2).joined(separator: ".")
                let name = owner[nested] == nil ? parts[0] : nested
                guard !extended.contains(parts[0]), let other = owner[name], other != file else { continue }
                result[file, default: []].insert(other)
            }
        }
        return result
    }

    /// Groups of files that can all be reached from each other.
    private func circles(_ needs: [String: Set<String>]) -> [Set<String>] {
        func reached(from start: String) -> Set<String> {
            var (seen, open): (Set<String>, [String]) = ([], [start])
            while let next = open.popLast() {
                for other in needs[next] ?? [] where seen.insert(other).inserted { open.append(other) }
            }
            return seen
        }
        let reach = Dictionary(uniqueKeysWithValues: needs.keys.map { ($0, reached(from: $0)) })
        var result: Set<Set<String>> = []
        for (file, others) in reach where others.contains(file) {
            result.insert(Set(others.filter { reach[$0]?.contains(file) ?? false }))
        }
        return Array(result)
    }

    @Test func noTargetHasACircleOfFiles() throws {
        for target in try SwiftSource.targets() where !Self.roots.contains(target) {
            let needs = needs(try SwiftSource.all(in: target))
            for circle in circles(needs) {
                let isKnown = Self.known.contains {
                    $0.target == target && circle.isSubset(of: $0.files)
                }
                let arrows = circle.sorted().map { file in
                    let others = (needs[file] ?? []).intersection(circle).sorted()
                    return "\(file) → \(others.joined(separator: ", "))"
                }
                #expect(isKnown, "\(target): \(arrows.joined(separator: "; "))")
            }
        }
    }

    @Test func aCircleIsFound() {
        let circle = circles(["a": ["b"], "b": ["c", "d"], "c": ["a"], "d": []])
        #expect(circle == [["a", "b", "c"]])
        #expect(circles(["a": ["b", "c"], "b": ["c"], "c": []]).isEmpty)
    }
}
