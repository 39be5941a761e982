import CWyckoff
import Crystallography
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Publishing
import Reports
import Symmetry

/// Beyond this no parameter of a structure lies.
private let largestValue = 1e5

private func object(_ reduced: OpaquePointer?) throws(InterfaceError) -> ReducedObject {
    try Handle.object(reduced, ReducedObject.self, "reduced structure")
}

/// A structure in the space that its symmetry leaves free, its own cell kept.
@c @implementation
public func wyckoff_reduce(
    _ structure: OpaquePointer?, _ tolerance: Double, _ reduced: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        let found = try SymmetryFinder.find(in: content, tolerance: tolerance)
        let result = try ReducedStructure(reducing: content, found)
        try Handle.make(ReducedObject(result), at: reduced, "reduced structure")
    }
}

/// One that can be moved by itself.
@c @implementation
public func wyckoff_reduced_copy(
    _ reduced: OpaquePointer?, _ copy: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) { try Handle.make(ReducedObject(object(reduced).structure), at: copy, "copy") }
}

/// Gives a reduced structure back.
@c @implementation
public func wyckoff_reduced_free(_ reduced: OpaquePointer?) { Handle.release(reduced, ReducedObject.self) }

/// The number of parameters; 0 of NULL.
@c @implementation
public func wyckoff_reduced_count(_ reduced: OpaquePointer?) -> Int64 {
    Int64((try? object(reduced))?.structure.degreesOfFreedom ?? 0)
}

/// The number of atoms in the cell; 0 of NULL.
@c @implementation
public func wyckoff_reduced_atoms(_ reduced: OpaquePointer?) -> Int64 {
    Int64((try? object(reduced))?.structure.atoms.count ?? 0)
}

/// Names, units, bounds, formulas; group and positions.
@c @implementation
public func wyckoff_reduced_parameters(
    _ reduced: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try object(reduced).structure
        try Exchange.give(ParameterSummary(file: structure.title, structure).json(), to: json)
    }
}

/// Which orbit each atom belongs to.
@c @implementation
public func wyckoff_reduced_orbits(
    _ reduced: OpaquePointer?, _ orbits: UnsafeMutablePointer<Int64>?, _ atoms: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let images = try object(reduced).structure.atoms
        guard Int(atoms) == images.count else {
            throw InterfaceError.wrongCount("orbits", got: Int(atoms), expected: images.count)
        }
        guard let orbits else { throw InterfaceError.missing("place for the orbits") }
        for (index, image) in images.enumerated() { orbits[index] = Int64(image.orbit) }
    }
}

/// The values of the parameters.
@c @implementation
public func wyckoff_reduced_values(
    _ reduced: OpaquePointer?, _ values: UnsafeMutablePointer<Double>?, _ count: Int64,
    _ scales: UnsafeMutablePointer<Double>?, _ scale_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try object(reduced).structure
        try Exchange.check(values, count, expected: structure.degreesOfFreedom, "values")
        try Exchange.check(
            scales, scale_count, expected: structure.degreesOfFreedom, "scales", isOptional: true)
        Exchange.write(structure.parameterVector, to: values)
        if scales != nil { Exchange.write(structure.parameters.map(\.scale), to: scales) }
    }
}

/// Moves the structure.
@c @implementation
public func wyckoff_reduced_set_values(
    _ reduced: OpaquePointer?, _ values: UnsafePointer<Double>?, _ count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(reduced)
        let numbers = try Exchange.numbers(
            values, count, expected: object.structure.degreesOfFreedom, "values", limit: largestValue)
        try object.set(numbers)
    }
}

/// Cell and fractional positions of the atoms, as they came.
@c @implementation
public func wyckoff_reduced_geometry(
    _ reduced: OpaquePointer?, _ vectors: UnsafeMutablePointer<Double>?, _ nine: Int64,
    _ positions: UnsafeMutablePointer<Double>?, _ three_atoms: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try object(reduced).structure
        try Exchange.check(vectors, nine, expected: 9, "cell vectors")
        try Exchange.check(positions, three_atoms, expected: 3 * structure.atoms.count, "positions")
        let whole = structure.expanded()
        Exchange.write(whole.lattice.vectors, to: vectors)
        Exchange.write(whole.sites.map(\.position), to: positions)
    }
}

/// How positions and cell follow the parameters.
@c @implementation
public func wyckoff_reduced_jacobian(
    _ reduced: OpaquePointer?, _ positions: UnsafeMutablePointer<Double>?, _ positions_count: Int64,
    _ vectors: UnsafeMutablePointer<Double>?, _ vectors_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try object(reduced).structure
        let (count, atoms) = (structure.degreesOfFreedom, structure.atoms.count)
        try Exchange.check(positions, positions_count, expected: 3 * count * atoms, "Jacobian of positions")
        try Exchange.check(vectors, vectors_count, expected: 9 * count, "Jacobian of the cell")
        let ofCell = structure.cellVectorDerivatives
        let still = [SIMD3<Double>](repeating: .zero, count: atoms)
        let moves =
            [[SIMD3<Double>]](repeating: still, count: ofCell.count) + structure.positionDerivatives
        Exchange.write(moves.joined(), to: positions)
        let matrices = ofCell + [Matrix3](repeating: .zero, count: count - ofCell.count)
        Exchange.write(matrices.flatMap { matrix in (0..<3).map { matrix[$0] } }, to: vectors)
    }
}

/// The slope of an energy in the parameters, from forces and stress.
@c @implementation
public func wyckoff_reduced_gradient(
    _ reduced: OpaquePointer?, _ forces: UnsafePointer<Double>?, _ three_atoms: Int64,
    _ stress: UnsafePointer<Double>?, _ nine: Int64, _ gradient: UnsafeMutablePointer<Double>?,
    _ count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try object(reduced).structure
        try Exchange.check(gradient, count, expected: structure.degreesOfFreedom, "gradient")
        let evaluation = try EnergyEvaluation(
            energy: 0, forces: forces, three_atoms, stress: stress, nine, atoms: structure.atoms.count)
        Exchange.write(evaluation.gradient(in: structure), to: gradient)
    }
}

/// The structure as its values make it.
@c @implementation
public func wyckoff_reduced_structure(
    _ reduced: OpaquePointer?, _ structure: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        try Handle.make(StructureObject(object(reduced).structure.expanded()), at: structure, "structure")
    }
}
