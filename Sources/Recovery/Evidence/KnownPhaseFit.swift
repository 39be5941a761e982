import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement

/// Fits scale and cell of phases that are known beforehand to a pattern whose other phase is not known yet.
///
/// Where the other phase has no line, a known phase's lines stand in the ratio that is calculated; where it has one, they are higher. So
/// the scale is that of the lines that stand lowest, and these lines alone refine it with cell, zero and width.
package struct KnownPhaseFit: Sendable {
    package var settings = RecoverySettings()

    package init(settings: RecoverySettings = RecoverySettings()) { self.settings = settings }

    /// - Throws: what the calculation of a pattern throws; `CancellationError`.
    package func callAsFunction(_ phases: [KnownPhase], _ reading: CompanionPattern) throws
        -> KnownContribution
    {
        let pattern = reading.pattern
        let found = PeakSearch(settings: settings.lines)(pattern, radiation: reading.instrument.radiation)
        var rest = pattern
        rest.intensity = zip(pattern.intensity, found.background).map { $0 - $1 }
        var contribution = KnownContribution(
            calculated: [Double](repeating: 0, count: pattern.twoTheta.count),
            background: found.background.map { max(0, $0) }, settings: settings.known)
        for (number, phase) in phases.enumerated() {
            try WorkLimit.check()
            let (fitted, calculated) = try fit(phase, rest, reading, found)
            for i in calculated.indices {
                contribution.calculated[i] += calculated[i]
                rest.intensity[i] -= calculated[i]
            }
            var own = fitted.phases[0]
            own.name = "known\(number + 1)"
            contribution.names.append(phase.name)
            contribution.phases.append(own)
            contribution.lines.append(
                try PowderCalculation(fitted, twoTheta: pattern.twoTheta).reflections.compactMap(\.twoTheta))
        }
        return contribution
    }

    private var known: RecoverySettings.Known { settings.known }

    private func fit(
        _ phase: KnownPhase, _ net: PowderPattern, _ reading: CompanionPattern, _ found: PeakSearch.Result
    ) throws -> (PowderModel, [Double]) {
        var model = try shifted(
            try initial(phase, reading.instrument, width: found.width), to: found, net.twoTheta)
        let unit = try PowderCalculation(model, twoTheta: net.twoTheta)
        let lines = lines(unit, net, width: found.width)
        let limit = quantile(lines)
        guard limit > 0 else {
            model.phases[0].scale = 0
            return (model, [Double](repeating: 0, count: net.twoTheta.count))
        }
        let own = lines.filter { known.own.contains($0.scale / limit) }
        let area = own.reduce(0) { $0 + $1.area }
        model.phases[0].scale = own.reduce(0) { $0 + $1.area * $1.scale } / max(area, 1e-300)
        model = try refined(model, on: own, net, reading.weights, width: found.width)
        return (model, try PowderCalculation(model, twoTheta: net.twoTheta).calculated)
    }

    private func initial(_ phase: KnownPhase, _ instrument: Instrument, width: Double) throws -> PowderModel {
        var structure = phase.structure
        for index in structure.orbits.indices where structure.orbits[index].displacement == nil {
            structure.orbits[index].displacement = .isotropic(b: known.displacement)
        }
        var instrument = instrument
        instrument.widths = PeakWidths(w: width * width)
        return PowderModel(phases: [.init(structure)], instrument: instrument)
    }

    /// One scale of all lengths and one zero shift, by the places of its strong lines.
    private func shifted(_ model: PowderModel, to found: PeakSearch.Result, _ grid: [Double]) throws
        -> PowderModel
    {
        let all = try PowderCalculation(model, twoTheta: grid).reflections
        let strongest = all.map(\.intensity).max() ?? 0
        let lines = all.compactMap { reflection in
            reflection.twoTheta.map { (angle: $0, weight: reflection.intensity.squareRoot()) }
        }.filter { $0.weight * $0.weight > known.leastLine * strongest }
        let whole = max(1e-300, lines.reduce(0) { $0 + $1.weight })
        let peaks = found.peaks.map(\.twoTheta)
        func score(_ strain: Double, _ zero: Double) -> Double {
            let met = lines.reduce(0) { sum, line in
                let sine = sin(line.angle * .pi / 360) / (1 + strain)
                let angle = 2 * asin(min(1, sine)) * 180 / .pi + zero
                let nearest = peaks.map { abs($0 - angle) }.min() ?? 180
                return sum + line.weight * exp(-pow(nearest / (found.width / 2), 2) / 2)
            }
            return Double(lines.count) * met / whole - pow(strain / known.strain, 2) / 2
                - pow(zero / known.zero, 2) / 2
        }
        let steps = (-4 * known.reach...4 * known.reach).map { Double($0) / 4 }
        let best = steps.flatMap { a in
            steps.map { b in
                (
                    strain: a * known.strain, zero: b * known.zero,
                    score: score(a * known.strain, b * known.zero)
                )
            }
        }.max { $0.score < $1.score }
        guard let best else { return model }
        var moved = model
        var cell = moved.phases[0].structure.latticeParameters
        for (k, name) in cell.names.enumerated() where ["a", "b", "c"].contains(name) {
            cell.values[k] *= 1 + best.strain
        }
        moved.phases[0].structure.latticeParameters = cell
        moved.instrument.zero = best.zero
        return moved
    }

    /// A line of it, with the scale that the pattern has there.
    private struct Line {
        let twoTheta: Double
        let scale: Double
        /// Of the calculated line at unit scale.
        let area: Double
    }

    /// Widths of a line to both sides of it in which its own scale is measured: most of it, little of its neighbours.
    private static let measuredReach = 0.75
    /// Widths to both sides of a line that are fitted for cell and shape: its tails too.
    private static let fittedReach = 1.5
    /// Factors of the width of the pattern's lines, squared, between which the known phase's lie.
    private static let squaredWidths = 1.0 / 16...4
    /// Factors between which a refined scale is still that of the lines that it began with.
    private static let keptScale = 0.5...2

    private func lines(_ unit: PowderCalculation, _ net: PowderPattern, width: Double) -> [Line] {
        let calculated = unit.calculated
        var places: [(angle: Double, intensity: Double)] = []
        for reflection in unit.reflections.sorted(by: { ($0.twoTheta ?? 0) < ($1.twoTheta ?? 0) }) {
            guard let angle = reflection.twoTheta, reflection.intensity > 0 else { continue }
            if let last = places.last, angle - last.angle < width / 2 {
                places[places.count - 1].intensity += reflection.intensity
            } else {
                places.append((angle, reflection.intensity))
            }
        }
        let strongest = places.map(\.intensity).max() ?? 0
        return places.filter { $0.intensity > known.leastLine * strongest }.compactMap { place in
            var (overlap, square, area) = (0.0, 0.0, 0.0)
            for i in net.twoTheta.indices
            where abs(net.twoTheta[i] - place.angle) < Self.measuredReach * width {
                overlap += net.intensity[i] * calculated[i]
                square += calculated[i] * calculated[i]
                area += calculated[i]
            }
            return square > 0 ? Line(twoTheta: place.angle, scale: overlap / square, area: area) : nil
        }
    }

    private func quantile(_ lines: [Line]) -> Double {
        let sorted = lines.sorted { $0.scale < $1.scale }
        let whole = sorted.reduce(0) { $0 + $1.area }
        var sum = 0.0
        for line in sorted {
            sum += line.area
            if sum >= known.quantile * whole { return max(0, line.scale) }
        }
        return 0
    }

    /// Scale, cell, zero and width by the lines that are its own alone; as it is where that leads astray.
    private func refined(
        _ model: PowderModel, on lines: [Line], _ net: PowderPattern, _ weights: [Double], width: Double
    ) throws -> PowderModel {
        let part = net.twoTheta.indices.map { i in
            lines.contains { abs($0.twoTheta - net.twoTheta[i]) < Self.fittedReach * width } ? weights[i] : 0
        }
        let cell = model.phases[0].structure.latticeParameters
        var refinement = RietveldRefinement()
        refinement.iterations = known.iterations
        refinement.convergence = 1e-4
        let square = width * width
        refinement.bounds = [
            "W": square * Self.squaredWidths.lowerBound...square * Self.squaredWidths.upperBound,
            "U": 0...square * Self.squaredWidths.upperBound,
            "X": 0...width * Self.squaredWidths.upperBound.squareRoot(),
        ]
        for (name, value) in zip(cell.names, cell.values) {
            refinement.bounds[name] = value * (1 - known.cell)...value * (1 + known.cell)
        }
        let place = ["scale", "zero", "W"] + (lines.count > cell.names.count + 1 ? cell.names : [])
        let first = try refinement.refine(model, pattern: net, weights: part, free: place)
        let shape = place + ["X"] + (lines.count > cell.names.count + 3 ? ["U"] : [])
        let result = try refinement.refine(first.model, pattern: net, weights: part, free: shape)
        let ratio = result.model.phases[0].scale / max(model.phases[0].scale, 1e-300)
        return Self.keptScale.contains(ratio) ? result.model : model
    }
}
