import ArgumentParser
import Wyckoff

/// Whether and how energies decide between structures that fit about as well.
struct EnergyDecisionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Lets energies decide between structures that fit about as well, elements exchanged among them: "
                + PotentialCatalogue.help), completion: CompletedValues.potentials)
    var potential: String?

    @Option(
        help: "Rwp (a fraction) that an eV per atom outweighs, or auto: half of the best Rwp.",
        completion: .list(["auto"]))
    var energyWeight = "auto"

    @Flag(
        help: ArgumentHelp(
            "In the end, descend with the coordinates on Rwp + weight · (eV per atom): holds light atoms that the pattern hardly "
                + "sees. With --potential."))
    var restrain = false

    /// - Parameter patterns: how many there are.
    func check(patterns: Int) throws {
        guard potential == nil || patterns == 1 else {
            throw ValidationError(
                "--potential decides with one pattern only; give one --pattern or leave it out")
        }
        try MeantName.checkPotential(potential)
        _ = try weight()
        guard potential != nil || !restrain else {
            throw ValidationError("--restrain needs an energy; give --potential chgnet as well")
        }
    }

    /// nil where the pattern decides alone.
    func decision() throws -> EnergyDecision? {
        guard let potential else { return nil }
        let model = try PotentialCatalogue.potential(named: potential)
        guard model.takesAnyCell else {
            throw ValidationError("--potential \(potential) knows one list of atoms only; give chgnet")
        }
        return EnergyDecision(model, weight: try weight())
    }

    private func weight() throws -> EnergyDecision.Weight {
        if energyWeight == "auto" { return .automatic }
        guard let value = Double(energyWeight), value >= 0, value.isFinite else {
            throw ValidationError("--energy-weight takes auto or a number from 0, not '\(energyWeight)'")
        }
        return .fixed(value)
    }
}
