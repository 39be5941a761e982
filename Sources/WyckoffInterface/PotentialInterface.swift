import CWyckoff
import Crystallography
import Energies
import Foundation
import NumericalMethods

/// What a `wyckoff_potential` is.
final class PotentialObject: Sendable {
    let potential: any InteratomicPotential

    init(_ potential: any InteratomicPotential) { self.potential = potential }
}

/// Where an evaluation goes.
private struct EvaluationPlaces {
    var energy: UnsafeMutablePointer<Double>?
    var forces: UnsafeMutablePointer<Double>?
    var forceCount: Int64
    var stress: UnsafeMutablePointer<Double>?
    var stressCount: Int64
    var moments: UnsafeMutablePointer<Double>?
    var momentCount: Int64

    func check(atoms: Int) throws(InterfaceError) {
        guard energy != nil else { throw .missing("place for the energy") }
        try Exchange.check(forces, forceCount, expected: 3 * atoms, "forces")
        try Exchange.check(stress, stressCount, expected: 9, "stress")
        try Exchange.check(moments, momentCount, expected: atoms, "moments", isOptional: true)
    }

    func write(_ evaluation: EnergyEvaluation, atoms: Int) {
        energy?.pointee = evaluation.energy
        Exchange.write(evaluation.forces, to: forces)
        Exchange.write((1 / EnergyEvaluation.gigapascal) * evaluation.stress, to: stress)
        let told = evaluation.magneticMoments
        Exchange.write(told.count == atoms ? told : [Double](repeating: 0, count: atoms), to: moments)
    }
}

/// A potential by its name.
@c @implementation
public func wyckoff_potential_create(
    _ name: UnsafePointer<CChar>?, _ threads: Int32, _ potential: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let result = try PotentialCatalogue.potential(
            named: Exchange.text(name, "name"), threads: Int(max(0, threads)))
        try Handle.make(PotentialObject(result), at: potential, "potential")
    }
}

/// Gives a potential back.
@c @implementation
public func wyckoff_potential_free(_ potential: OpaquePointer?) {
    Handle.release(potential, PotentialObject.self)
}

/// Energy, forces and stress of a structure as it stands.
@c @implementation
public func wyckoff_potential_evaluate(
    _ potential: OpaquePointer?, _ structure: OpaquePointer?, _ energy: UnsafeMutablePointer<Double>?,
    _ forces: UnsafeMutablePointer<Double>?, _ three_atoms: Int64, _ stress: UnsafeMutablePointer<Double>?,
    _ nine: Int64, _ moments: UnsafeMutablePointer<Double>?, _ moment_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(structure, StructureObject.self, "structure").structure
        let places = EvaluationPlaces(
            energy: energy, forces: forces, forceCount: three_atoms, stress: stress, stressCount: nine,
            moments: moments, momentCount: moment_count)
        try places.check(atoms: content.sites.count)
        let object = try Handle.object(potential, PotentialObject.self, "potential")
        places.write(try object.potential.evaluate(content), atoms: content.sites.count)
    }
}

/// The same of a reduced structure.
@c @implementation
public func wyckoff_potential_evaluate_reduced(
    _ potential: OpaquePointer?, _ reduced: OpaquePointer?, _ energy: UnsafeMutablePointer<Double>?,
    _ forces: UnsafeMutablePointer<Double>?, _ three_atoms: Int64, _ stress: UnsafeMutablePointer<Double>?,
    _ nine: Int64, _ moments: UnsafeMutablePointer<Double>?, _ moment_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let content = try Handle.object(reduced, ReducedObject.self, "reduced structure").structure
        let places = EvaluationPlaces(
            energy: energy, forces: forces, forceCount: three_atoms, stress: stress, stressCount: nine,
            moments: moments, momentCount: moment_count)
        try places.check(atoms: content.atoms.count)
        let object = try Handle.object(potential, PotentialObject.self, "potential")
        places.write(try object.potential.evaluate(content), atoms: content.atoms.count)
    }
}
