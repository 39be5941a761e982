import CWyckoff
import Crystallography
import Foundation
import Publishing
import Reports
import Symmetry

/// The symmetry of a structure as JSON: what the command prints, with its operations at the top, and the group's other names.
private struct SymmetryAnswer: Encodable {
    var symmetry: SymmetrySummary
    var operations: SymmetrySummary.Operations
    var transformation: [[Double]]
    var originShift: [Double]
    var hallSymbol: String
    var fullSymbol: String
    var schoenflies: String

    init(_ found: FoundSymmetry, in structure: CrystalStructure, ladder: [SymmetryRung]?) {
        symmetry = SymmetrySummary(
            file: structure.title, found, in: structure, tolerance: found.tolerance, ladder: ladder)
        operations = symmetry.operations
        (transformation, originShift) = (symmetry.transformation, symmetry.originShift)
        hallSymbol = found.spaceGroup.hallSymbol
        fullSymbol = found.spaceGroup.fullSymbol
        schoenflies = found.spaceGroup.schoenfliesSymbol
    }
}

/// The space group of a structure, with what it does to every atom.
@c @implementation
public func wyckoff_symmetry(
    _ structure: OpaquePointer?, _ tolerance: Double, _ ladder: Int32,
    _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        let found = try SymmetryFinder.find(in: content, tolerance: tolerance)
        let rungs = ladder == 0 ? nil : try SymmetryFinder.ladder(in: content)
        try Exchange.give(
            JSONDialect.line(SymmetryAnswer(found, in: content, ladder: rungs)), to: json)
    }
}

/// A structure with its symmetry enforced, in its own or a standard cell.
@c @implementation
public func wyckoff_standardize(
    _ structure: OpaquePointer?, _ tolerance: Double, _ cell: UnsafePointer<CChar>?,
    _ standard: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        let name = try Exchange.text(cell, "cell")
        let cells: [String: StandardCell] = ["keep": .keep, "standard": .standard, "primitive": .primitive]
        guard let cell = cells[name] else {
            throw InterfaceError.unknownName(name, what: "cell", known: "keep, standard, primitive")
        }
        let found = try SymmetryFinder.find(in: content, tolerance: tolerance)
        let result = try SymmetryFinder.standardize(content, found, cell: cell)
        try Handle.make(StructureObject(result.structure), at: standard, "structure")
    }
}
