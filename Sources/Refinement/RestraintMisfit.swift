import Diffraction
import NumericalMethods
import Parameterization

/// χ² of restraints and its normal equations, beside those of a pattern.
struct RestraintMisfit {
    private let terms: RestraintTerms
    /// Free parameters that restraints may depend on, with half the step of their difference quotients.
    private let moving: [(index: Int, name: String, step: Double)]

    /// nil where there are none.
    init?(_ restraints: [Restraint], _ model: PowderModel, free: [Parameter]) throws {
        guard !restraints.isEmpty else { return nil }
        terms = try RestraintTerms(restraints, model)
        moving = free.indices.filter {
            model.belongsToStructure(free[$0].name) || Self.isDifferenced(free[$0])
        }
        .map { ($0, free[$0].name, 1e-5 * max(free[$0].scale, 1e-6)) }
    }

    /// Widths and the like, which two names may hold together.
    private static func isDifferenced(_ parameter: Parameter) -> Bool {
        parameter.kind != .background && parameter.kind != .scale
    }

    func chiSquared(_ model: PowderModel) -> Double {
        terms.residuals(model).reduce(0) { $0 + $1 * $1 }
    }

    func outcome(_ model: PowderModel) -> [RestraintOutcome] { terms.outcome(model) }

    /// Adds JᵀJ, Jᵀr and χ²; bonds and angles are smooth, so that difference quotients serve.
    func add(to equations: inout NormalEquations, _ model: PowderModel) throws {
        let residuals = terms.residuals(model)
        equations.chiSquared += residuals.reduce(0) { $0 + $1 * $1 }
        var columns: [(index: Int, slope: [Double])] = []
        for (index, name, step) in moving {
            guard let value = model[name] else { continue }
            var moved = model
            try moved.set(name, to: value + step)
            let above = terms.residuals(moved)
            try moved.set(name, to: value - step)
            let slope = zip(above, terms.residuals(moved)).map { ($0 - $1) / (2 * step) }
            if slope.contains(where: { $0 != 0 }) { columns.append((index, slope)) }
        }
        for a in columns {
            equations.gradient[a.index] += zip(a.slope, residuals).reduce(0) { $0 + $1.0 * $1.1 }
            for b in columns {
                equations.matrix[a.index, b.index] += zip(a.slope, b.slope).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
    }
}
