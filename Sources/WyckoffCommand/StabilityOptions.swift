import ArgumentParser
import Evaluations
import Wyckoff

/// Energies of records and the hull that they are held against.
struct StabilityOptions: ParsableArguments {
    @Option(help: "A potential: chgnet, chgnet-r2scan or kim:ID.", completion: CompletedValues.potentials)
    var energy: String?

    @Flag(help: "Relax each structure inside its group first, those of the hull too.")
    var relax = false

    @Option(
        help:
            "A set whose energies, by the same potential, make the convex hull; may be repeated. Chemical systems that no record asks for are left out.",
        completion: .file())
    var hull: [String] = []

    @Option(help: "eV/atom above the hull up to which a record counts as stable.")
    var stableWithin = 0.1

    func validate() throws {
        try MeantName.checkPotential(energy, option: "--energy")
        guard energy != nil || (hull.isEmpty && !relax) else {
            throw ValidationError("--hull and --relax need energies; give --energy chgnet as well")
        }
        guard stableWithin.isFinite, abs(stableWithin) < 100 else {
            throw ValidationError("--stable-within takes eV/atom")
        }
    }

    /// nil where no energies are asked for.
    func method() throws -> EnergyMethod? {
        guard let energy else { return nil }
        let potential = try PotentialCatalogue.potential(named: energy)
        guard potential.takesAnyCell else {
            throw ValidationError("--energy \(energy) knows one list of atoms only; give chgnet")
        }
        return EnergyMethod(potential, relaxes: relax)
    }
}
