import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// χ² of several patterns of one structure and its normal equations, as a function of common parameters and those of
/// each pattern. Not `Sendable`: make one for each thread.
package final class JointMisfit {
    /// The free parameters with their values when this was made.
    package let parameters: [Parameter]
    private let parts: [PartMisfit]

    /// - Parameter free: names as `JointRefinement` takes them.
    package init(_ parts: [JointRefinement.Part], free: [String]) throws {
        let misfits = try parts.map { try PartMisfit($0, free: free) }
        self.parts = misfits
        parameters = try free.map { name in
            for part in misfits {
                guard let own = part.own(name) else { continue }
                if own == "wavelength" {
                    let value = part.wavelength
                    return Parameter(
                        name: name, value: value, kind: .wavelength, bounds: 0.98 * value...1.02 * value,
                        formula: "",
                        scale: 0.01)
                }
                var parameter = try RietveldRefinement.parameter(named: own, in: part.model)
                parameter.name = name
                return parameter
            }
            throw DiffractionError.unknownParameter(name)
        }
    }

    package var values: [Double] { parameters.map(\.value) }

    package func chiSquared(at x: [Double]) -> Double {
        parts.reduce(0) { $0 + $1.chiSquared(at: x) }
    }

    /// JᵀWJ, JᵀWr and χ² of all patterns: the sums of what each has.
    package func normalEquations(at x: [Double], into result: inout NormalEquations) {
        for i in result.matrix.elements.indices { result.matrix.elements[i] = 0 }
        for i in result.gradient.indices { result.gradient[i] = 0 }
        result.chiSquared = 0
        for part in parts { part.add(to: &result, at: x) }
    }

    /// The model of a pattern: its wavelength moved, the cell the common one.
    func model(_ part: Int, at x: [Double]) throws(DiffractionError) -> PowderModel {
        try parts[part].model(at: x)
    }

    func concerns(_ parameter: Int, part: Int) -> Bool { parts[part].own(parameters[parameter].name) != nil }

    /// The name in the pattern's own model.
    func ownName(of parameter: Int) -> String {
        let name = parameters[parameter].name
        return parts.lazy.compactMap { $0.own(name) }.first ?? name
    }
}

/// What one pattern adds.
private final class PartMisfit {
    let model: PowderModel
    let wavelength: Double
    private let name: String
    private let observed: [Double]
    private let weights: [Double]
    private let calculation: PowderCalculation
    private var equations: NormalEquations
    /// Of each local parameter: the global one that it is, if any, and whether the wavelength dilates it.
    private let sources: [(global: Int?, isLength: Bool)]
    /// The global parameter that is this pattern's wavelength.
    private let wavelengthIndex: Int?
    /// Values of local parameters that nothing global moves.
    private let base: [Double]

    init(_ part: JointRefinement.Part, free: [String]) throws {
        (model, wavelength, name) = (part.model, part.wavelength, part.name)
        (observed, weights) = (part.pattern.intensity, part.weights)
        let own = Self.own(part.name, part.model)
        wavelengthIndex = free.firstIndex(of: part.name + ".wavelength")
        let lengths = Set(
            part.model.parameters.filter {
                $0.kind == .length
            }.map(\.name))
        var names: [String] = []
        var sources: [(Int?, Bool)] = []
        for (index, name) in free.enumerated() where index != wavelengthIndex {
            guard let local = own(name) else { continue }
            names.append(local)
            sources.append((index, lengths.contains(local)))
        }
        if wavelengthIndex != nil {
            for name in lengths.sorted() where !names.contains(name) {
                names.append(name)
                sources.append((nil, true))
            }
        }
        self.sources = sources
        calculation = try PowderCalculation(part.model, twoTheta: part.pattern.twoTheta, free: names)
        base = calculation.values
        equations = NormalEquations(parameterCount: names.count)
    }

    /// The name of a parameter in this pattern's own model; nil where it belongs to another pattern.
    func own(_ name: String) -> String? { Self.own(self.name, model)(name) }

    private static func own(_ part: String, _ model: PowderModel) -> (String) -> String? {
        { name in
            if name.hasPrefix(part + ".") {
                let rest = String(name.dropFirst(part.count + 1))
                return rest == "wavelength" || (model[rest] != nil && !model.belongsToStructure(rest))
                    ? rest : nil
            }
            return model.belongsToStructure(name) ? name : nil
        }
    }

    /// By how much the cell is taken smaller than it is, because the pattern's wavelength is longer than assumed.
    private func dilation(_ x: [Double]) -> Double { wavelengthIndex.map { wavelength / x[$0] } ?? 1 }

    private func place(_ x: [Double]) {
        let dilation = dilation(x)
        calculation.values = sources.indices.map { k in
            let value = sources[k].global.map { x[$0] } ?? base[k]
            return sources[k].isLength ? value * dilation : value
        }
    }

    func chiSquared(at x: [Double]) -> Double {
        place(x)
        return calculation.chiSquared(observed: observed, weights: weights)
    }

    func add(to result: inout NormalEquations, at x: [Double]) {
        place(x)
        calculation.normalEquations(observed: observed, weights: weights, into: &equations)
        result.chiSquared += equations.chiSquared
        // ∂(local)/∂(global): one or two global parameters for each local one.
        let dilation = dilation(x)
        let columns = sources.indices.map { k -> [(index: Int, slope: Double)] in
            let source = sources[k]
            var found: [(Int, Double)] = []
            if let global = source.global { found.append((global, source.isLength ? dilation : 1)) }
            if source.isLength, let index = wavelengthIndex {
                let length = source.global.map { x[$0] } ?? base[k]
                found.append((index, -length * dilation / x[index]))
            }
            return found
        }
        for (k, own) in columns.enumerated() {
            for (i, slope) in own {
                result.gradient[i] += slope * equations.gradient[k]
                for (l, others) in columns.enumerated() {
                    for (j, other) in others {
                        result.matrix[i, j] += slope * other * equations.matrix[k, l]
                    }
                }
            }
        }
    }

    func model(at x: [Double]) throws(DiffractionError) -> PowderModel {
        place(x)
        var moved = calculation.model
        let dilation = dilation(x)
        guard dilation != 1 else { return moved }
        for (k, source) in sources.enumerated() where source.isLength {
            try moved.set(calculation.names[k], to: source.global.map { x[$0] } ?? base[k])
        }
        moved.instrument.radiation.stretch(by: 1 / dilation)
        // Intensities go with 1/V².
        for phase in moved.phases.indices { moved.phases[phase].scale /= pow(dilation, 6) }
        return moved
    }
}
