import ArgumentParser
import Foundation
import Jobs
import LearnedModels
import Wyckoff

/// What a landscape is taken of: structure, pattern, objective.
struct LandscapeOptions: ParsableArguments {
    @Argument(
        help: "The truth: CIF, POSCAR, extended XYZ or JSON; idealised at --tolerance.", completion: .file())
    var file: String

    @Option(
        help:
            "Å: within which the truth's space group is found; wide, because the truth is made exact and computed structures are meant too."
    )
    var tolerance = 0.1

    @Option(
        help: ArgumentHelp(
            "cosine, mse, entropy, pearson, rwp, jensen-shannon, wasserstein, cdf or cross-correlation; energy "
                + "(eV/atom above the truth); xrd+energy:w for 1 − cosine + w times that.",
            valueName: "name"), completion: CompletedValues.objectives)
    var objective = "cosine"

    @Option(
        help: "What gives the energy: chgnet or chgnet-r2scan (wyckoff models fetch).",
        completion: CompletedValues.potentials)
    var potential = "chgnet"

    @Option(
        help: ArgumentHelp(
            "A number in Å, or CuKa (the doublet), CuKa1, MoKa, …. (default: 1.5406, or what --against says)",
            valueName: "Å|name"), completion: CompletedValues.wavelengths)
    var wavelength: String?

    @Option(
        help: ArgumentHelp(
            "2θ of the first point, the last, and the step, degrees.", valueName: "from:to:step"))
    var twoTheta = "0:90:0.02"

    @Option(
        name: [.long, .customLong("profile")],
        help:
            "Peaks of this full width at half maximum, degrees 2θ. (default: those of the paper, 0.3 to 0.6; with --against what fits best)"
    )
    var fwhm: Double?

    @Flag(
        help: "Keep the B and U of the file. Without: atoms at rest, as in the paper's simulator.")
    var displacements = false

    func validate() throws {
        guard SimilarityMeasure(name: objective) != nil || energyWeight != nil else {
            let names = SimilarityMeasure.all.map(\.name).joined(separator: ", ")
            throw ValidationError(
                "--objective takes one of \(names), energy, xrd+energy:w, not '\(objective)'")
        }
        if let energyWeight, !(energyWeight > 0 && energyWeight < 1e6) {
            throw ValidationError("--objective \(objective): the weight is a number above 0")
        }
        guard LearnedModel.potentials.contains(where: { $0.name == potential }) else {
            let names = LearnedModel.potentials.map(\.name).joined(separator: " or ")
            throw ValidationError("--potential takes \(names), not '\(potential)'")
        }
        do {
            _ = try wavelength.map { try Wavelength.radiation(named: $0) }
        } catch {
            throw ValidationError("\(error)")
        }
        if let fwhm, !(0.01...20).contains(fwhm) {
            throw ValidationError("--fwhm takes degrees from 0.01 to 20")
        }
        guard tolerance > 0, tolerance < 1 else { throw ValidationError("--tolerance takes Å, 0 to 1") }
        _ = try grid()
    }

    var measure: SimilarityMeasure { SimilarityMeasure(name: objective) ?? .cosine }

    /// Of the energy in `energy` (1) and `xrd+energy:0.5`; nil for a pattern alone.
    var energyWeight: Double? {
        if objective == "energy" { return 1 }
        guard objective.hasPrefix("xrd+energy:") else { return nil }
        return Double(objective.dropFirst("xrd+energy:".count)) ?? .nan
    }

    /// For commands that know patterns only.
    func requirePattern() throws {
        guard energyWeight == nil else {
            throw ValidationError(
                "--objective \(objective) is for wyckoff scan and map; paths follow cosine, mse or entropy")
        }
    }

    /// `1 − cosine`, `rwp`.
    var lossName: String { measure.isSimilarity ? "1 − \(measure.name)" : measure.name }

    /// What is scanned or mapped around a truth.
    ///
    /// - Parameter against: a file with a pattern, or `self` for the truth's own.
    func choice(against: String) throws -> ObjectiveChoice {
        var choice = ObjectiveChoice(try kind(), twoTheta: try grid())
        choice.radiation = try wavelength.map { try Wavelength.radiation(named: $0) }
        choice.fwhm = fwhm
        if against != "self" {
            choice.target = .init(name: against, pattern: try PowderPatternFile.read(against))
        }
        return choice
    }

    private func kind() throws -> ObjectiveChoice.Kind {
        guard let energyWeight else { return .pattern(measure) }
        let model = try PotentialCatalogue.potential(named: potential)
        return objective == "energy" ? .energy(model) : .both(measure, model, weight: energyWeight)
    }

    func grid() throws -> [Double] {
        let parts = twoTheta.split(separator: ":").map { Double($0) }
        guard parts.count == 3, let from = parts[0], let to = parts[1], let step = parts[2], from >= 0,
            to < 180, from < to, step > 0, (to - from) / step < 100_000
        else { throw ValidationError("--two-theta takes from:to:step such as 5:90:0.05, not '\(twoTheta)'") }
        return stride(from: from, through: to + step / 1000, by: step).map { $0 }
    }

    /// The truth, idealised in the conventional standard cell; its atoms at rest unless --displacements.
    func truth() throws -> ReducedStructure {
        var truth = try reduced(file, tolerance: tolerance)
        if !displacements {
            for index in truth.orbits.indices { truth.orbits[index].displacement = nil }
        }
        return truth
    }
}
