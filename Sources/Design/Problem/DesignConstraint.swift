import Crystallography
import Parameterization

/// A condition on crystals that needs no predictor. What a composition cannot meet is never solved for; what a
/// structure does not meet is no success (it counts under criterion A).
public protocol DesignConstraint: Sendable {
    /// In messages: `O ≥ 0.4`.
    var name: String { get }

    /// - Parameter composition: atoms of each element in the cell.
    func admits(_ composition: [Element: Int]) -> Bool

    /// - Parameter structure: a finished candidate, its elements on the template's orbits.
    func accepts(_ structure: ReducedStructure) -> Bool
}

extension DesignConstraint {
    /// A condition on compositions alone takes every structure.
    public func accepts(_ structure: ReducedStructure) -> Bool { true }
}
