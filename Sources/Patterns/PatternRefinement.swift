import Crystallography
import Diffraction
import Foundation
import Refinement

/// A measured pattern fitted by crystals that are known already: what `wyckoff refine` does.
///
/// Scales and background are free from the beginning, everything else in stages, each to convergence before the next
/// parameters are freed.
package struct PatternRefinement: Sendable {
    /// Instrument, form factors, preferred orientation; its fractions give the scales to begin with.
    package var simulation: PatternSimulation
    package var backgroundFunction = BackgroundFunction.chebyshev
    package var backgroundTerms = 6
    /// Whether every reflection has an intensity of its own (Pawley): the crystals give cells and groups alone.
    package var freeIntensities = false
    /// What is known of the crystals beside the pattern.
    package var restraints: [Restraint] = []
    /// Atoms that keep their distances; `coordinates` frees the groups' shifts and turns, a group's name its own.
    package var rigid: [RigidGroup] = []
    /// Parameters freed together, stage by stage: names of the model's, ties such as `Pb.B`, or the groups `lattice`,
    /// `coordinates`, `adps` (every atom's B or U), `microstrain` (every invariant) and `texture` (every harmonic).
    package var stages = [
        ["lattice", "displacement"], ["W", "X"], ["coordinates", "adps"], ["U", "V", "Y"],
    ]

    package init(simulation: PatternSimulation) {
        self.simulation = simulation
    }

    package typealias Progress = (_ stage: Int, _ rwp: Double) -> Void

    /// - Parameter weights: one for each point; 0 leaves a point out.
    package func refine(
        _ crystals: [PatternCrystal], pattern: PowderPattern, weights: [Double], progress: Progress? = nil
    ) throws -> RietveldRefinement.Result {
        var model = try initial(crystals, pattern, weights)
        var refinement = RietveldRefinement()
        refinement.freeIntensities = freeIntensities
        refinement.iterations = 100
        refinement.bounds = bounds
        refinement.restraints = restraints
        refinement.rigid = try rigid.map { try RigidBody($0, in: model) }
        let bodies = refinement.rigid
        var free = model.parameters.map(\.name).filter {
            !freeIntensities && ($0 == "scale" || $0.hasSuffix(".scale")) || $0.hasPrefix("background.")
        }
        // Every name is looked up before the first fit.
        for word in stages.joined() { _ = try Self.names(word, in: model, bodies) }
        var result: RietveldRefinement.Result?
        for (number, stage) in ([[]] + stages).enumerated() {
            for name in try stage.flatMap({ try Self.names($0, in: model, bodies) })
            where !free.contains(name) {
                free.append(name)
            }
            guard !free.isEmpty else { continue }
            // What comes before the last stage need not be exact.
            refinement.convergence = number < stages.count ? 1e-4 : 1e-7
            let next = try refinement.refine(model, pattern: pattern, weights: weights, free: free)
            model = next.model
            refinement.rigid = next.rigid
            progress?(number, next.statistics.rwp)
            result = next
        }
        guard let result else {
            throw PatternError.nothingToCompare("no parameter is free; name some with --free")
        }
        return result
    }

    /// The model to begin with: scales and background of the pattern's heights.
    func initial(_ crystals: [PatternCrystal], _ pattern: PowderPattern, _ weights: [Double]) throws
        -> PowderModel
    {
        var model = try simulation.model(crystals)
        for phase in model.phases.indices { Self.setDisplacements(&model.phases[phase]) }
        model.backgroundFunction = backgroundFunction
        model.background = [Double](repeating: 0, count: backgroundTerms)
        try begin(&model, pattern, weights)
        return model
    }

    var bounds: [String: ClosedRange<Double>] {
        // Behind a monochromator the lines are narrower than the emission that their widths describe.
        let hasEmission = simulation.instrument.radiation.lines.contains { $0.width > 0 }
        var bounds = RefinementBounds()
        if hasEmission { bounds.strain = -1...10 }
        // What a user frees may be worse than what a recovery takes.
        bounds.displacement = 0...25
        return bounds.ranges
    }

    /// An atom without displacement parameters gets B 0.5 Å², so that it can be refined.
    private static func setDisplacements(_ phase: inout PowderModel.Phase) {
        for index in phase.structure.orbits.indices where phase.structure.orbits[index].displacement == nil {
            phase.structure.orbits[index].displacement = .isotropic(b: 0.5)
        }
    }

    /// The background at the height of the lowest tenth of the points, the scale for which the sums are equal.
    private func begin(_ model: inout PowderModel, _ pattern: PowderPattern, _ weights: [Double]) throws {
        let calculated = try PowderCalculation(model, twoTheta: pattern.twoTheta).calculated
        let used = pattern.intensity.indices.filter { weights[$0] > 0 }
        let heights = used.map { pattern.intensity[$0] }.sorted()
        guard let lowest = heights.isEmpty ? nil : heights[heights.count / 10] else {
            throw PatternError.nothingToCompare("no point of the pattern is left; widen the range")
        }
        if backgroundTerms > 0 { model.background[0] = lowest }
        let ground = backgroundTerms > 0 ? lowest : 0
        let observed = used.reduce(0) { $0 + pattern.intensity[$1] - ground }
        let sum = used.reduce(0) { $0 + calculated[$1] }
        guard sum > 0, observed > 0 else {
            throw PatternError.nothingToCompare(
                "no reflection lies in the range of the pattern; check wavelength and cell")
        }
        for phase in model.phases.indices { model.phases[phase].scale *= observed / sum }
    }

    /// The same where groups are rigid: their parameters in the place of their atoms' coordinates.
    private static func names(_ word: String, in model: PowderModel, _ bodies: [RigidBody]) throws -> [String]
    {
        let own = bodies.flatMap(\.parameterNames)
        if own.contains(word) { return [word] }
        if let body = bodies.first(where: { $0.group.name == word }) { return body.parameterNames }
        let found = try names(word, in: model)
        let held = Set(
            bodies.flatMap { body in
                body.coordinateNames(in: model.phases[body.phase].structure)
            })
        func isHeld(_ name: String) -> Bool {
            held.contains(name.split(separator: ".").suffix(2).joined(separator: "."))
        }
        guard word == "coordinates" else {
            if let name = found.first(where: isHeld) {
                let body = bodies.first { body in
                    body.coordinateNames(in: model.phases[body.phase].structure).contains {
                        name.hasSuffix($0)
                    }
                }
                throw RigidGroupError.ownCoordinate(
                    name, group: body?.group.name ?? "", free: body?.parameterNames ?? [])
            }
            return found
        }
        return found.filter { !isHeld($0) } + own
    }

    /// What a word of a stage frees.
    static func names(_ word: String, in model: PowderModel) throws -> [String] {
        if model[word] != nil { return [word] }
        let lattice = Set(["a", "b", "c", "alpha", "beta", "gamma"])
        let coordinates = Set(
            model.phases.flatMap { phase in
                phase.structure.freeCoordinates.map { index in
                    let orbit = phase.structure.orbits[index.orbit]
                    return "\(orbit.label).\(orbit.siteSymmetry.coordinateNames[index.coordinate])"
                }
            })
        let invariants = Set(model.phases.flatMap { $0.microstrain?.invariants.forms.map(\.name) ?? [] })
        let harmonics = Set(model.phases.flatMap { $0.texture?.names ?? [] })
        let found = model.parameters.map(\.name).filter { name in
            let parts = name.split(separator: ".").map(String.init)
            guard let last = parts.last else { return false }
            let depth = parts.count - (model.phases.count > 1 ? 1 : 0)
            switch word {
            case "lattice": return lattice.contains(last) && depth == 1
            case "coordinates": return coordinates.contains(parts.suffix(2).joined(separator: "."))
            case "microstrain": return depth == 1 && invariants.contains(last)
            case "texture":
                return depth == 2 && harmonics.contains(parts.suffix(2).joined(separator: "."))
            case "adps": return depth == 2 && (last == "B" || last.hasPrefix("U"))
            // A name of all phases: `size`, `a`, `march`.
            default: return depth == 1 && parts.count == 2 && last == word
            }
        }
        if found.isEmpty, word == "microstrain" { throw PatternError.noMicrostrain }
        if found.isEmpty, word == "texture" { throw PatternError.noTexture }
        guard !found.isEmpty || ["lattice", "coordinates", "adps"].contains(word) else {
            throw PatternError.unknownParameter(word, known: model.parameters.map(\.name))
        }
        return found
    }
}
