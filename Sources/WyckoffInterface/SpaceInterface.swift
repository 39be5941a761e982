import CWyckoff
import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization

/// What a `wyckoff_space` is.
final class SpaceObject: Sendable {
    let space: RelaxationSpace

    init(_ space: RelaxationSpace) { self.space = space }

    /// Å and strains: no step of an optimiser that is worth an evaluation goes so far.
    private static let largestStep = 1e3

    /// - Throws: where a strain leaves no cell.
    func structure(
        at x: UnsafePointer<Double>?, _ count: Int64
    ) throws(InterfaceError) -> (x: [Double], structure: ReducedStructure) {
        let x = try Exchange.numbers(
            x, count, expected: space.dimension, "coordinates of the space", limit: Self.largestStep)
        let structure = space.structure(at: x)
        let volume = structure.lattice.volume
        guard volume.isFinite, volume > 1e-3, volume < 1e12 else {
            throw .notACell(structure.latticeParameters.values)
        }
        return (x, structure)
    }
}

/// eV/Å³; beyond it there are no atoms.
private let largestPressure = 1e6

private func object(_ space: OpaquePointer?) throws(InterfaceError) -> SpaceObject {
    try Handle.object(space, SpaceObject.self, "space")
}

/// The free strains and coordinates about a structure.
@c @implementation
public func wyckoff_space_create(
    _ reduced: OpaquePointer?, _ cell: Int32, _ positions: Int32, _ pressure: Double,
    _ space: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let start = try Handle.object(reduced, ReducedObject.self, "reduced structure").structure
        guard pressure.isFinite else { throw InterfaceError.notFinite("pressure") }
        guard abs(pressure) < largestPressure else {
            throw InterfaceError.tooLarge("pressure", limit: largestPressure)
        }
        let result = RelaxationSpace(
            start, relaxesCell: cell != 0, relaxesPositions: positions != 0,
            pressure: pressure * EnergyEvaluation.gigapascal)
        try Handle.make(SpaceObject(result), at: space, "space")
    }
}

/// Gives a space back.
@c @implementation
public func wyckoff_space_free(_ space: OpaquePointer?) { Handle.release(space, SpaceObject.self) }

/// Its dimension; 0 of NULL.
@c @implementation
public func wyckoff_space_count(_ space: OpaquePointer?) -> Int64 {
    Int64((try? object(space))?.space.dimension ?? 0)
}

/// Cell and fractional positions at a point.
@c @implementation
public func wyckoff_space_geometry(
    _ space: OpaquePointer?, _ x: UnsafePointer<Double>?, _ count: Int64,
    _ vectors: UnsafeMutablePointer<Double>?, _ nine: Int64, _ positions: UnsafeMutablePointer<Double>?,
    _ three_atoms: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let whole = try object(space).structure(at: x, count).structure.expanded()
        try Exchange.check(vectors, nine, expected: 9, "cell vectors")
        try Exchange.check(positions, three_atoms, expected: 3 * whole.sites.count, "positions")
        Exchange.write(whole.lattice.vectors, to: vectors)
        Exchange.write(whole.sites.map(\.position), to: positions)
    }
}

/// Enthalpy and its slope at a point.
@c @implementation
public func wyckoff_space_gradient(
    _ space: OpaquePointer?, _ x: UnsafePointer<Double>?, _ count: Int64, _ energy: Double,
    _ forces: UnsafePointer<Double>?, _ three_atoms: Int64, _ stress: UnsafePointer<Double>?, _ nine: Int64,
    _ enthalpy: UnsafeMutablePointer<Double>?, _ gradient: UnsafeMutablePointer<Double>?,
    _ residual: UnsafeMutablePointer<Double>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let space = try object(space)
        let (x, structure) = try space.structure(at: x, count)
        guard let enthalpy else { throw InterfaceError.missing("place for the enthalpy") }
        guard let residual else { throw InterfaceError.missing("place for what is left") }
        try Exchange.check(gradient, count, expected: space.space.dimension, "gradient")
        let evaluation = try EnergyEvaluation(
            energy: energy, forces: forces, three_atoms, stress: stress, nine,
            atoms: structure.atoms.count)
        let result = space.space.enthalpy(evaluation, of: structure, at: x)
        enthalpy.pointee = result.value
        Exchange.write(result.gradient, to: gradient)
        let left = space.space.residual(evaluation, of: structure)
        Exchange.write([left.force, left.stress / EnergyEvaluation.gigapascal], to: residual)
    }
}

/// The reduced structure at a point.
@c @implementation
public func wyckoff_space_reduced(
    _ space: OpaquePointer?, _ x: UnsafePointer<Double>?, _ count: Int64,
    _ reduced: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try object(space).structure(at: x, count).structure
        try Handle.make(ReducedObject(structure), at: reduced, "reduced structure")
    }
}
