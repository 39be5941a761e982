import Crystallography
import Diffraction
import Foundation
import Refinement

/// Several measured patterns fitted by the same crystals at once: what `wyckoff refine --with` does.
///
/// Patterns are called `pattern1`, `pattern2`, … in the order given. Scales and backgrounds are free from the beginning,
/// everything else in stages as in `PatternRefinement`.
package struct JointPatternRefinement: Sendable {
    /// One pattern and how it is calculated.
    package struct Measurement: Sendable {
        /// Instrument, form factors, background; its stages are not used.
        package var refinement: PatternRefinement
        package var pattern: PowderPattern
        /// One for each point; 0 leaves a point out.
        package var weights: [Double]
        /// Whether `wavelength` in a stage frees this pattern's: not an emission line's.
        package var refinesWavelength: Bool

        package init(
            refinement: PatternRefinement, pattern: PowderPattern, weights: [Double],
            refinesWavelength: Bool = false
        ) {
            (self.refinement, self.pattern, self.weights) = (refinement, pattern, weights)
            self.refinesWavelength = refinesWavelength
        }
    }

    package var measurements: [Measurement]
    /// As those of `PatternRefinement`; a name without a pattern's before it means all patterns.
    package var stages = [
        ["lattice", "displacement", "wavelength"], ["W", "X"], ["coordinates", "adps"], ["U", "V", "Y"],
    ]

    package init(_ measurements: [Measurement]) {
        self.measurements = measurements
    }

    /// What a pattern is called in its parameters' names.
    package static func name(_ index: Int) -> String { "pattern\(index + 1)" }

    package func refine(
        _ crystals: [PatternCrystal], progress: PatternRefinement.Progress? = nil
    ) throws -> JointRefinement.Result {
        var parts: [JointRefinement.Part] = []
        for (index, item) in measurements.enumerated() {
            let model = try item.refinement.initial(crystals, item.pattern, item.weights)
            parts.append(
                JointRefinement.Part(
                    name: Self.name(index), model: model, pattern: item.pattern, weights: item.weights))
        }
        var refinement = JointRefinement()
        refinement.iterations = 100
        refinement.bounds = measurements.first?.refinement.bounds ?? [:]
        refinement.restraints = measurements.flatMap(\.refinement.restraints)
        var free = parts.flatMap { part in
            part.model.parameters.map(\.name).filter {
                $0 == "scale" || $0.hasSuffix(".scale") || $0.hasPrefix("background.")
            }.map { "\(part.name).\($0)" }
        }
        // Every name is looked up before the first fit.
        for word in stages.joined() { _ = try names(word, in: parts) }
        var result: JointRefinement.Result?
        for (number, stage) in ([[]] + stages).enumerated() {
            for name in try stage.flatMap({ try names($0, in: parts) }) where !free.contains(name) {
                free.append(name)
            }
            guard !free.isEmpty else { continue }
            // What comes before the last stage need not be exact.
            refinement.convergence = number < stages.count ? 1e-4 : 1e-7
            let next = try refinement.refine(parts, free: free)
            for index in parts.indices { parts[index].model = next.parts[index].model }
            progress?(number, next.statistics.rwp)
            result = next
        }
        guard let result else {
            throw PatternError.nothingToCompare("no parameter is free; name some with --free")
        }
        return result
    }

    /// What a word of a stage frees.
    private func names(_ word: String, in parts: [JointRefinement.Part]) throws -> [String] {
        for (index, part) in parts.enumerated() where word.hasPrefix(part.name + ".") {
            let rest = String(word.dropFirst(part.name.count + 1))
            if rest == "wavelength" { return [word] }
            return try PatternRefinement.names(rest, in: part.model).map {
                guard !part.model.belongsToStructure($0) else {
                    throw PatternError.commonParameter(word, name: $0, patterns: parts.count)
                }
                return "\(Self.name(index)).\($0)"
            }
        }
        if word == "wavelength" {
            return measurements.indices.filter { measurements[$0].refinesWavelength }.map {
                "\(Self.name($0)).wavelength"
            }
        }
        var found: [String] = []
        for part in parts {
            for name in try PatternRefinement.names(word, in: part.model) {
                let global = part.model.belongsToStructure(name) ? name : "\(part.name).\(name)"
                if !found.contains(global) { found.append(global) }
            }
        }
        return found
    }
}
