import CWyckoff
import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Publishing

/// What a `wyckoff_structure` is.
final class StructureObject: Sendable {
    let structure: CrystalStructure

    init(_ structure: CrystalStructure) { self.structure = structure }
}

/// The sites' names as JSON gives them.
private struct SiteNames: Encodable {
    var title: String
    var species: [String]
    var labels: [String]
}

/// Beyond this no crystal's fractional coordinate lies.
private let largestCoordinate = 1e5

/// A structure from arrays.
@c @implementation
public func wyckoff_structure_create(
    _ vectors: UnsafePointer<Double>?, _ count: Int64, _ positions: UnsafePointer<Double>?,
    _ species: UnsafePointer<UnsafePointer<CChar>?>?, _ labels: UnsafePointer<UnsafePointer<CChar>?>?,
    _ structure: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let lattice = try Lattice(checking: Exchange.matrix(vectors, 9, "cell vectors"))
        guard count >= 0, count < 1 << 24 else {
            throw InterfaceError.wrongCount("sites", got: Int(count), expected: 1)
        }
        let places = try Exchange.vectors(
            positions, 3 * count, expected: Int(count), "positions", limit: largestCoordinate)
        guard let species else { throw InterfaceError.missing("species") }
        let sites = try places.indices.map { index in
            let text = try Exchange.text(species[index], "species of site \(index + 1)")
            let label = try labels.map { try Exchange.text($0[index], "label of site \(index + 1)") }
            return Site(
                label: label ?? "", occupants: try OccupantText.occupants(text, site: index),
                position: places[index])
        }
        try Handle.make(
            StructureObject(CrystalStructure(lattice: lattice, sites: sites)), at: structure, "structure")
    }
}

/// A structure of a file.
@c @implementation
public func wyckoff_structure_read(
    _ path: UnsafePointer<CChar>?, _ number: Int64, _ structure: UnsafeMutablePointer<OpaquePointer?>?,
    _ remarks: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let path = try Exchange.text(path, "path")
        let records = try CrystalFile.read(path)
        guard records.indices.contains(Int(number)) else {
            throw InterfaceError.noStructure(number: Int(number), count: records.count, file: path)
        }
        let record = records[Int(number)]
        var content = record.structure
        if content.title.isEmpty { content.title = record.name }
        let sentences = try JSONDialect.line(record.warnings)
        try Handle.make(StructureObject(content), at: structure, "structure")
        if remarks != nil { try Exchange.give(sentences, to: remarks) }
    }
}

/// Gives a structure back.
@c @implementation
public func wyckoff_structure_free(_ structure: OpaquePointer?) {
    Handle.release(structure, StructureObject.self)
}

/// The number of sites; 0 of NULL.
@c @implementation
public func wyckoff_structure_count(_ structure: OpaquePointer?) -> Int64 {
    let object = try? Handle.object(structure, StructureObject.self, "structure")
    return Int64(object?.structure.sites.count ?? 0)
}

/// Cell and fractional positions.
@c @implementation
public func wyckoff_structure_geometry(
    _ structure: OpaquePointer?, _ vectors: UnsafeMutablePointer<Double>?, _ nine: Int64,
    _ positions: UnsafeMutablePointer<Double>?, _ three_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        try Exchange.check(vectors, nine, expected: 9, "cell vectors")
        try Exchange.check(positions, three_count, expected: 3 * content.sites.count, "positions")
        Exchange.write(content.lattice.vectors, to: vectors)
        Exchange.write(content.sites.map(\.position), to: positions)
    }
}

/// Title, species and labels.
@c @implementation
public func wyckoff_structure_sites(
    _ structure: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        let names = SiteNames(
            title: content.title, species: content.sites.map { OccupantText.text($0.occupants) },
            labels: content.sites.map(\.label))
        try Exchange.give(JSONDialect.line(names), to: json)
    }
}

/// A structure as a file's text.
@c @implementation
public func wyckoff_structure_text(
    _ structure: OpaquePointer?, _ format: UnsafePointer<CChar>?,
    _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        let name = try Exchange.text(format, "format")
        guard let format = CrystalFile.Format(rawValue: name) else {
            throw InterfaceError.unknownName(
                name, what: "format",
                known: CrystalFile.Format.allCases.map(\.rawValue).joined(separator: ", "))
        }
        try Exchange.give(CrystalFile.serialise([CrystalRecord(content)], format: format), to: text)
    }
}
