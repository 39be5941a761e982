import Crystallography
import NumericalMethods
import Parameterization
import ReferenceData
import Symmetry

/// A structure type that has a name: its group, a cell to start from, and what may stand on its sites
/// (Data/tables/prototypes.tsv).
package struct Prototype: Sendable {
    package struct Site: Sendable {
        /// `A`, `B`, `X`.
        var role: String
        /// Holds the place until a search puts another there.
        var element: Element
        /// Oxidation states that it may take.
        package var charges: [Int]
        /// Those that it may take beside them where all are asked for.
        package var furtherCharges: [Int]
        var position: SIMD3<Double>
    }

    package let name: String
    /// As `SpaceGroup.find` reads it.
    let group: String
    /// a, b, c in Å; all angles are 90°.
    let lengths: SIMD3<Double>
    /// How far a search may take the lengths, as factors of `lengths`.
    package let lengthBounds: ClosedRange<Double>
    /// Only ions with a crystal radius may stand on its sites: a perovskite needs one for its tolerance factor.
    package let needsRadius: Bool
    package var sites: [Site]

    /// In the table's order.
    package static let all: [Prototype] = {
        var result: [Prototype] = []
        for line in String(cString: wyckoff_table_prototypes()).split(separator: "\n")
        where !line.hasPrefix("#") {
            guard var type = Prototype(line), let site = Site(line) else { continue }
            if result.last?.name == type.name {
                result[result.count - 1].sites.append(site)
            } else {
                type.sites = [site]
                result.append(type)
            }
        }
        return result
    }()

    package static func named(_ name: String) -> Prototype? { all.first { $0.name == name } }

    /// The type in its own group, its elements those that hold the places, labels the roles.
    package func structure() throws(SpaceGroupLookupError) -> ReducedStructure {
        ReducedStructure(
            title: name, spaceGroup: try SpaceGroup.find(group),
            lattice: Lattice(
                a: lengths.x, b: lengths.y, c: lengths.z, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: sites.map {
                Crystallography.Site($0.element, at: $0.position, label: $0.role)
            })
    }

    /// The columns that every line of a type repeats.
    private init?(_ line: Substring) {
        let cell = line.split(separator: "\t")
        guard cell.count == 10, let lengths = SIMD3(numbers: cell[2]) else { return nil }
        let factors = cell[3].split(separator: " ").compactMap { Double($0) }
        guard factors.count == 2, factors[0] < factors[1] else { return nil }
        (name, group, self.lengths) = (String(cell[0]), String(cell[1]), lengths)
        lengthBounds = factors[0]...factors[1]
        needsRadius = cell[4] == "yes"
        sites = []
    }
}

extension Prototype.Site {
    fileprivate init?(_ line: Substring) {
        let cell = line.split(separator: "\t")
        guard cell.count == 10, let element = Element(symbol: cell[6]),
            let position = SIMD3(numbers: cell[8])
        else { return nil }
        role = String(cell[5])
        self.element = element
        let states = cell[7].split(separator: ";").map { $0.split(separator: ",").compactMap { Int($0) } }
        charges = states.first ?? []
        furtherCharges = states.count > 1 ? states[1] : []
        self.position = position
    }
}

extension SIMD3 where Scalar == Double {
    /// Three numbers parted by blanks.
    fileprivate init?(numbers text: Substring) {
        let values = text.split(separator: " ").compactMap { Double($0) }
        guard values.count == 3 else { return nil }
        self.init(values[0], values[1], values[2])
    }
}
