import Crystallography
import NumericalMethods
import Parameterization
import PropertyModels

/// The continuous variables of a design: free lattice parameters and Wyckoff coordinates of the template in its
/// chosen symmetry, scaled so that a step of 1 moves something by about 1 Å, and bounded.
package struct DesignSpace: Sendable {
    /// Of the variables, as `Parameter.name`.
    package let names: [String]
    /// Of the variables, scaled as they are.
    package let bounds: [ClosedRange<Double>]
    /// The template's own values, scaled.
    package let start: [Double]
    /// Which variables are lengths of the cell.
    package let isLength: [Bool]
    private let structure: ReducedStructure
    private let geometry: CrystalGeometry
    private let scales: [Double]
    /// Index into the lattice's free parameters, for the first `latticeCount` variables.
    private let latticeIndices: [Int]
    private let coordinates: [ReducedStructure.CoordinateIndex]
    private let rotations: [Matrix3]
    private let translations: [SIMD3<Double>]

    /// The free lengths, angles where the template lets them go, and free coordinates.
    package init(_ template: DesignTemplate) {
        structure = template.structure
        geometry = CrystalGeometry(structure)
        let parameters = structure.parameters
        let latticeNames = structure.latticeParameters.names
        latticeIndices = latticeNames.indices.filter { latticeNames[$0].count == 1 || !template.keepsAngles }
        coordinates = structure.freeCoordinates
        let chosen = latticeIndices + coordinates.indices.map { latticeNames.count + $0 }
        names = chosen.map { parameters[$0].name }
        scales = chosen.map { parameters[$0].scale }
        isLength = chosen.map { $0 < latticeNames.count && latticeNames[$0].count == 1 }
        bounds = chosen.map { index in
            let parameter = parameters[index]
            let (low, high): (Double, Double)
            if index >= latticeNames.count {
                (low, high) = (
                    parameter.value - template.coordinateRange, parameter.value + template.coordinateRange
                )
            } else if latticeNames[index].count == 1 {
                let factors = template.lengthBounds
                (low, high) = (parameter.value * factors.lowerBound, parameter.value * factors.upperBound)
            } else {
                (low, high) = (
                    parameter.value - template.angleRange, parameter.value + template.angleRange
                )
            }
            return (low / parameter.scale)...(high / parameter.scale)
        }
        start = chosen.map { parameters[$0].value / parameters[$0].scale }
        rotations = structure.atoms.map { Matrix3($0.operation.rotation) }
        translations = structure.atoms.map { $0.operation.apply(to: .zero) }
    }

    /// Variables.
    package var count: Int { start.count }
    /// Orbits of the template.
    package var orbitCount: Int { structure.orbits.count }
    /// Atoms of the cell in each orbit.
    package var multiplicities: [Double] { geometry.multiplicities }

    /// The structure at these variables, with the template's placeholder elements.
    package func structure(at x: [Double]) -> ReducedStructure {
        var result = structure
        for (k, index) in latticeIndices.enumerated() {
            result.latticeParameters.values[index] = x[k] * scales[k]
        }
        for (k, index) in coordinates.enumerated() {
            result.orbits[index.orbit].coordinates[index.coordinate] =
                x[latticeIndices.count + k] * scales[latticeIndices.count + k]
        }
        return result
    }

    /// The variables of a structure on the template's orbits, in its setting.
    package func variables(of structure: ReducedStructure) -> [Double] {
        let lattice = latticeIndices.map { structure.latticeParameters.values[$0] }
        let positions = coordinates.map { structure.orbits[$0.orbit].coordinates[$0.coordinate] }
        return zip(lattice + positions, scales).map { $0 / $1 }
    }

    /// The structure at these variables, with an element on each orbit.
    package func structure(at x: [Double], elements: [Element]) -> ReducedStructure {
        var result = structure(at: x)
        for (orbit, element) in elements.enumerated() {
            result.orbits[orbit].occupants = [Occupant(Species(element))]
            result.orbits[orbit].label = ""
        }
        var count: [Element: Int] = [:]
        for (orbit, element) in elements.enumerated() {
            count[element, default: 0] += 1
            result.orbits[orbit].label = "\(element.symbol)\(count[element] ?? 1)"
        }
        return result
    }

    /// Cell and positions of all atoms at these variables.
    package func geometry(at x: [Double]) -> CrystalGeometry {
        let moved = structure(at: x)
        var result = geometry
        result.lattice = moved.lattice
        let places = moved.orbits.map(\.position)
        for (k, atom) in structure.atoms.enumerated() {
            result.positions[k] = rotations[k] * places[atom.orbit] + translations[k]
        }
        return result
    }

    /// ∂y/∂x from a property's derivatives at `x`.
    package func gradient(_ gradient: PropertyGradient, at x: [Double]) -> [Double] {
        var lattice = structure.latticeParameters
        for (k, index) in latticeIndices.enumerated() { lattice.values[index] = x[k] * scales[k] }
        let derivatives = lattice.metricDerivatives
        var result = latticeIndices.enumerated().map { k, index -> Double in
            let d = derivatives[index]
            return scales[k]
                * (d.rows.0.dot(gradient.metric.rows.0) + d.rows.1.dot(gradient.metric.rows.1)
                    + d.rows.2.dot(gradient.metric.rows.2))
        }
        var pulls = [SIMD3<Double>](repeating: .zero, count: structure.orbits.count)
        for (k, atom) in structure.atoms.enumerated() {
            pulls[atom.orbit] += gradient.positions[k] * rotations[k]
        }
        for (k, index) in coordinates.enumerated() {
            let direction = SIMD3<Double>(
                structure.orbits[index.orbit].siteSymmetry.directions[index.coordinate])
            result.append(scales[latticeIndices.count + k] * pulls[index.orbit].dot(direction))
        }
        return result
    }

    /// The cell's lengths times `factor`, clamped into the bounds; coordinates as they are.
    package func scaled(_ x: [Double], by factor: Double) -> [Double] {
        clamped(zip(x, isLength).map { $1 ? $0 * factor : $0 })
    }

    /// Each variable inside of its bounds.
    package func clamped(_ x: [Double]) -> [Double] {
        zip(x, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    }

    /// Largest distance (fractional in a template cell of `supercell`) of a coordinate from the template's.
    package func largestShift(at x: [Double]) -> Double {
        var largest = 0.0
        for k in latticeIndices.count..<count { largest = max(largest, abs(x[k] - start[k]) * scales[k]) }
        return largest
    }
}
