import NumericalMethods
import SpaceGroupTables

/// Which subspace of an orbit stands for it.
enum WyckoffRepresentative {
    /// By a fixed order that comes close to ITA's habit: last coordinates are constant first, offsets small, and the
    /// free coordinates written with few signs and factors.
    static func byRule(of orbit: WyckoffDerivation.Orbit) -> TorusSubspace {
        orbit.subspaces.min { precedence($0).lexicographicallyPrecedes(precedence($1)) } ?? .wholeSpace
    }

    /// The one that ITA prints first: SpaceGroups/first-triplets.tsv states it where the rule gives another.
    /// Nil where what is stated there does not lie on the orbit.
    static func stated(
        of orbit: WyckoffDerivation.Orbit, hallNumber: Int, letter: String, byRule: TorusSubspace
    ) -> TorusSubspace? {
        guard let triplet = firstTriplets["\(hallNumber)\t\(letter)"] else { return byRule }
        // What cannot be read lies on no orbit: the writer of the table then says which letter it is.
        guard let (matrix, translation) = try? CoordinateTriplet.parse(triplet),
            let subspace = TorusSubspace(
                through: translation,
                along: (0..<3).map { SIMD3(matrix[0, $0], matrix[1, $0], matrix[2, $0]) }
                    .filter { $0 != .zero }),
            orbit.subspaces.contains(subspace)
        else { return nil }
        return subspace
    }

    private static let firstTriplets: [String: String] = {
        var result: [String: String] = [:]
        for line in String(cString: wyckoff_table_first_triplets()).split(separator: "\n")
        where !line.hasPrefix("#") {
            guard let tab = line.lastIndex(of: "\t") else { continue }
            result[String(line[..<tab])] = String(line[line.index(after: tab)...])
        }
        return result
    }()

    private static func precedence(_ subspace: TorusSubspace) -> [Int] {
        let m = subspace.matrix
        let rows = [m.row0, m.row1, m.row2]
        let isFree = rows.reversed().map { $0 == .zero ? 0 : 1 }
        let offset = [subspace.translation.x, subspace.translation.y, subspace.translation.z]
        let distinct = Set(rows.filter { $0 != .zero }).count
        let entries = rows.flatMap { [$0.x, $0.y, $0.z] }
        let size = entries.reduce(0) { $0 + abs($1) }
        return isFree + offset + [distinct, size] + entries.map { -$0 }
    }
}
