import Crystallography
import ExplainedErrors
import Foundation
import NumericalMethods
import Parameterization
import StructureTypeTable
import Symmetry

/// A structure type: the positions of a setting that its elements occupy, whatever they are, with the coordinates and the shape of one of
/// its structures.
package struct StructureType: Sendable, Hashable {
    package struct Place: Sendable, Hashable {
        package var multiplicity: Int
        package var position: SIMD3<Double>
    }

    package var hallNumber: Int
    /// Structures of the set that have it.
    package var count: Int
    /// a, b, c, α, β, γ for a volume of 1 Å³.
    package var cell: [Double]
    /// Of each element, those with fewer atoms first.
    package var places: [[Place]]

    /// Atoms of each element in the cell, ascending.
    package var atoms: [Int] { places.map { $0.reduce(0) { $0 + $1.multiplicity } } }
}

/// The structure types that are known, by the atoms of each element in the cell.
package struct StructureTypes: Sendable {
    private let byAtoms: [[Int]: [StructureType]]

    /// No types: nothing is remembered.
    package static let none = StructureTypes([])

    /// Whether nothing is remembered.
    package var isEmpty: Bool { byAtoms.isEmpty }

    package init(_ types: [StructureType]) { byAtoms = Dictionary(grouping: types, by: \.atoms) }

    /// The table of the program, made of OQMD by Scripts/structure-types.py (Data/README.md).
    ///
    /// - Throws: never for the table as it is; a test reads it.
    package static func embedded() throws(StructureTypesError) -> StructureTypes {
        try StructureTypes(parsing: String(cString: wyckoff_table_structure_types()))
    }

    /// A table of Scripts/structure-types.py.
    package init(parsing text: String) throws(StructureTypesError) {
        var types: [StructureType] = []
        for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n")).enumerated()
        where line.first != UInt8(ascii: "#") {
            guard let type = StructureType(line) else { throw StructureTypesError(line: number + 1) }
            types.append(type)
        }
        self.init(types)
    }

    package var count: Int { byAtoms.values.reduce(0) { $0 + $1.count } }

    /// Types with so many atoms of each element.
    package func types(atoms: [Int]) -> [StructureType] { byAtoms[atoms.sorted()] ?? [] }
}

/// A line of a table of structure types that is none.
package struct StructureTypesError: ExplainedError, Hashable {
    package let line: Int

    package init(line: Int) { self.line = line }

    package var explanation: Explanation {
        Explanation(
            "line \(line) is no structure type", remedy: "make the table with Scripts/structure-types.py")
    }
}

extension StructureType {
    /// `hall\tcount\ta b c α β γ\tmultiplicity letter x y z; …\t…`; nil where it is something else.
    fileprivate init?(_ line: Substring.UTF8View) {
        let cells = line.split(separator: UInt8(ascii: "\t"))
        guard cells.count > 3, let hall = Int(Substring(cells[0])), let count = Int(Substring(cells[1])),
            (1...530).contains(hall)
        else { return nil }
        let cell = cells[2].split(separator: UInt8(ascii: " ")).compactMap { Double(Substring($0)) }
        guard cell.count == 6, cell.allSatisfy({ $0 > 0 }) else { return nil }
        var places: [[Place]] = []
        for element in cells.dropFirst(3) {
            var own: [Place] = []
            for orbit in element.split(separator: UInt8(ascii: ";")) {
                let words = orbit.split(separator: UInt8(ascii: " "))
                let x = words.dropFirst(2).compactMap { Double(Substring($0)) }
                guard words.count == 5, x.count == 3, let multiplicity = Int(Substring(words[0])),
                    multiplicity > 0
                else {
                    return nil
                }
                own.append(Place(multiplicity: multiplicity, position: SIMD3(x[0], x[1], x[2])))
            }
            places.append(own)
        }
        self.init(hallNumber: hall, count: count, cell: cell, places: places)
    }
}
