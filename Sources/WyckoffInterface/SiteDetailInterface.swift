import CWyckoff
import Crystallography
import Foundation
import NumericalMethods

/// Å²; beyond it nothing vibrates.
private let largestDisplacement = 1e6

/// The same structure with a title and displacement parameters.
@c @implementation
public func wyckoff_structure_described(
    _ structure: OpaquePointer?, _ title: UnsafePointer<CChar>?, _ b_iso: UnsafePointer<Double>?,
    _ count: Int64, _ u_aniso: UnsafePointer<Double>?, _ nine_count: Int64,
    _ described: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        var content = try Handle.object(structure, StructureObject.self, "structure").structure
        let sites = content.sites.count
        content.title = try Exchange.text(title, "title")
        let b = try optional(b_iso, count, expected: sites, "isotropic displacements")
        let u = try optional(u_aniso, nine_count, expected: 9 * sites, "anisotropic displacements")
        for site in 0..<sites {
            content.sites[site].displacement = try displacement(
                isotropic: b.map { $0[site] } ?? .nan,
                anisotropic: u.map { Array($0[(9 * site)..<(9 * site + 9)]) } ?? [], site: site)
        }
        try Handle.make(StructureObject(content), at: described, "structure")
    }
}

/// Displacement parameters; NaN where a site has none of that kind.
@c @implementation
public func wyckoff_structure_displacements(
    _ structure: OpaquePointer?, _ b_iso: UnsafeMutablePointer<Double>?, _ count: Int64,
    _ u_aniso: UnsafeMutablePointer<Double>?, _ nine_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let sites = try Handle.object(structure, StructureObject.self, "structure").structure.sites
        try Exchange.check(b_iso, count, expected: sites.count, "isotropic displacements")
        try Exchange.check(u_aniso, nine_count, expected: 9 * sites.count, "anisotropic displacements")
        Exchange.write(
            sites.map { if case .isotropic(let b)? = $0.displacement { b } else { .nan } }, to: b_iso)
        let unknown = Matrix3(rows: .init(repeating: .nan), .init(repeating: .nan), .init(repeating: .nan))
        let rows = sites.flatMap { site in
            let u = if case .anisotropic(let u)? = site.displacement { u } else { unknown }
            return (0..<3).map { u[$0] }
        }
        Exchange.write(rows, to: u_aniso)
    }
}

/// u, of one atom of a species.
@c @implementation
public func wyckoff_species_mass(
    _ species: UnsafePointer<CChar>?, _ mass: UnsafeMutablePointer<Double>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let text = try Exchange.text(species, "species")
        guard let mass else { throw InterfaceError.missing("place for the mass") }
        guard let known = Species(symbol: text) else { throw InterfaceError.unknownSpecies(text) }
        mass.pointee = known.mass
    }
}

/// - Returns: nil of NULL with a count of 0; NaN is allowed among the numbers.
private func optional(
    _ pointer: UnsafePointer<Double>?, _ count: Int64, expected: Int, _ what: String
) throws(InterfaceError) -> [Double]? {
    if pointer == nil, count == 0 { return nil }
    guard Int(count) == expected else { throw .wrongCount(what, got: Int(count), expected: expected) }
    guard let pointer else { throw .missing(what) }
    return Array(UnsafeBufferPointer(start: pointer, count: expected))
}

/// - Parameters:
///   - isotropic: B in Å², NaN for none.
///   - anisotropic: U in Å², nine numbers; empty or NaN for none. Both is an error.
private func displacement(
    isotropic: Double, anisotropic: [Double], site: Int
) throws(InterfaceError) -> Displacement? {
    let hasTensor = anisotropic.contains { !$0.isNaN }
    guard hasTensor || !isotropic.isNaN else { return nil }
    guard isotropic.isNaN || !hasTensor else { throw .twoDisplacements(site: site) }
    let numbers = hasTensor ? anisotropic : [isotropic]
    guard numbers.allSatisfy(\.isFinite) else { throw .notFinite("displacement of site \(site + 1)") }
    guard numbers.allSatisfy({ abs($0) <= largestDisplacement }) else {
        throw .tooLarge("displacement of site \(site + 1)", limit: largestDisplacement)
    }
    guard hasTensor else { return .isotropic(b: isotropic) }
    let rows = (0..<3).map { SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2]) }
    return .anisotropic(u: Matrix3(rows: rows[0], rows[1], rows[2]))
}
