import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// How the other origins and axes of a group's normalizer exchange its Wyckoff positions: ways to occupy them that
/// differ by such an exchange describe one crystal.
package struct LetterPermutations {
    private let permutations: [[String: String]]

    package init(of group: SpaceGroup, lattice: Lattice) {
        let generic = SIMD3(0.1234871, 0.3141593, 0.2718282)
        let points = group.wyckoffPositions.map { position in
            let base = SIMD3<Double>(position.translation) / Double(SymmetryOperation.denominator)
            return (letter: position.letter, point: Matrix3(position.matrix) * generic + base)
        }
        var found: [[String: String]] = []
        for coset in Normalizer(of: group).cosets {
            var map: [String: String] = [:]
            for (letter, point) in points {
                let site = SiteSymmetry(
                    of: coset.apply(to: point), in: group.operations, lattice: lattice, tolerance: 1e-5)
                map[letter] = group.letter(of: site)
            }
            // A coset that the lattice at hand does not have as an isometry may lead to no position.
            guard Set(map.values).count == points.count, !map.values.contains(""), !found.contains(map) else {
                continue
            }
            found.append(map)
        }
        permutations = found
    }

    /// The same for all ways that describe the same occupation.
    package func key(_ letters: [[String]]) -> String {
        let keys = permutations.map { map in
            letters.map { $0.map { map[$0] ?? $0 }.sorted().joined() }.joined(separator: " ")
        }
        return keys.min() ?? letters.map { $0.joined() }.joined(separator: " ")
    }
}
