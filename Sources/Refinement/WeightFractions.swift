import Diffraction
import Foundation
import Parameterization

/// How much of the crystalline part of a sample each phase is, by weight (Hill & Howard, J. Appl. Cryst. 20 (1987)
/// 467): Wₚ = Sₚ Zₚ Mₚ Vₚ/Σ S Z M V, where S is the scale of m LP |F|². The scale of `PowderModel` is that of
/// m LP |F|²/V², so that Wₚ goes with scale · ρ.
///
/// What scatters without lines, and phases that are not in the model, are not in the sum.
public struct WeightFractions: Sendable, Hashable {
    /// A phase and its share.
    public struct Phase: Sendable, Hashable, Codable {
        /// 0 to 1.
        public var fraction: Double
        /// One standard uncertainty, from the covariance of the refined parameters; nil where it is not known.
        public var uncertainty: Double?
        /// g/cm³.
        public var density: Double
        /// Brindley's mean transmission of a particle by which the scale was divided; 1 for none.
        public var absorptionContrast: Double
    }

    /// In the order of the model's.
    public let phases: [Phase]

    /// - `covariance`: of the refinement that gave the model; nil where uncertainties are not asked for.
    /// - `diameters`: of the phases' particles in μm, 0 for no correction; empty for none at all. The correction is
    ///   `ParticleAbsorption`'s.
    /// - Throws: nothing that a model of its own parameters can meet.
    public init(
        _ model: PowderModel, covariance: ParameterCovariance? = nil, diameters: [Double] = []
    ) throws(DiffractionError) {
        let contrasts = ParticleAbsorption.contrasts(of: model, diameters: diameters)
        let amounts = Self.amounts(model, contrasts)
        let total = amounts.reduce(0, +)
        let gradients = try Self.gradients(of: model, contrasts, names: covariance?.names ?? [])
        phases = model.phases.indices.map { k in
            let uncertainty = covariance.flatMap { covariance in
                covariance.uncertainty(gradient: gradients.reduce(into: [:]) { $0[$1.name] = $1.slopes[k] })
            }
            return Phase(
                fraction: total > 0 ? amounts[k] / total : .nan,
                // One phase alone is all there is, whatever its scale.
                uncertainty: model.phases.count > 1 ? uncertainty : nil,
                density: model.phases[k].structure.density, absorptionContrast: contrasts[k])
        }
    }

    /// What the fractions are in the proportion of.
    private static func amounts(_ model: PowderModel, _ contrasts: [Double]) -> [Double] {
        zip(model.phases, contrasts).map { max(0, $0.scale) * $0.structure.density / $1 }
    }

    /// ∂W/∂p of what scales and densities follow from, by central differences: the functions are smooth and cheap.
    private static func gradients(
        of model: PowderModel, _ contrasts: [Double], names: [String]
    ) throws(DiffractionError) -> [(name: String, slopes: [Double])] {
        func fractions(_ model: PowderModel) -> [Double] {
            let amounts = amounts(model, contrasts)
            let total = max(amounts.reduce(0, +), 1e-300)
            return amounts.map { $0 / total }
        }
        let counted: Set<ParameterKind> = [.scale, .length, .angle, .occupancy]
        let kinds = Dictionary(
            model.parameters.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        var gradients: [(name: String, slopes: [Double])] = []
        for name in names {
            // A tie (`Pb.occupancy`) is no parameter of the list and has its members' kind.
            let isTied = kinds[name] == nil && name.hasSuffix(".occupancy")
            guard isTied || kinds[name].map(counted.contains) == true, let value = model[name], value != 0
            else { continue }
            let step = 1e-5 * abs(value)
            var (more, less) = (model, model)
            try more.set(name, to: value + step)
            try less.set(name, to: value - step)
            let slopes = zip(fractions(more), fractions(less)).map { ($0 - $1) / (2 * step) }
            gradients.append((name, slopes))
        }
        return gradients
    }
}
