import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// Integrated intensities of a structure with a fixed cell, as a function of its free coordinates and one overall B
/// in Å² (the last parameter).
package final class StructureIntensities: IntensityModel {
    package let parameterCount: Int
    package let reflectionCount: Int
    private let coordinates: [ReducedStructure.CoordinateIndex]
    private let factors: StructureFactors
    private let derivatives: StructureFactorJacobian
    /// Multiplicity · Lorentz–polarisation · transmission of each reflection.
    private let angular: [Double]
    /// (sinθ/λ)² in Å⁻².
    private let q: [Double]
    /// Of each free coordinate.
    private let directions: [SIMD3<Double>]
    /// Of each orbit with its free coordinates at 0; those that fix the origin are in it.
    private let origins: [SIMD3<Double>]
    private var positions: [SIMD3<Double>]
    private var damping: [Double]
    private var column: [Double]

    /// - Parameters:
    ///   - reflections: their order is the order of the intensities.
    ///   - b: isotropic displacement of every site, Å²; the overall B is added to it.
    package init(
        _ structure: ReducedStructure, reflections: ReflectionList, instrument: Instrument,
        scatteringTable: ScatteringTable = .wk95, dispersion: Bool = true
    ) throws(DiffractionError) {
        coordinates = structure.freeCoordinates
        directions = coordinates.map {
            SIMD3<Double>(structure.orbits[$0.orbit].siteSymmetry.directions[$0.coordinate])
        }
        var moved = structure
        for index in coordinates { moved.orbits[index.orbit].coordinates[index.coordinate] = 0 }
        origins = moved.orbits.map(\.position)
        positions = origins
        parameterCount = coordinates.count + 1
        reflectionCount = reflections.count
        var orbits: [ScatteringOrbit] = []
        for orbit in structure.orbits {
            var scattering = try ScatteringOrbit(
                orbit, radiation: instrument.radiation, table: scatteringTable, dispersion: dispersion)
            scattering.displacement = .isotropic(b: 0)
            orbits.append(scattering)
        }
        let metric = structure.lattice.reciprocalMetric
        factors = try StructureFactors(
            orbits: orbits, operations: structure.spaceGroup.operations, reflections: reflections,
            reciprocalMetric: metric)
        derivatives = StructureFactorJacobian(factors)
        let wavelength = instrument.radiation.wavelength
        q = reflections.indices.map { ReflectionList.q(of: $0, reciprocalMetric: metric) }
        angular = zip(q, reflections.multiplicities).map { q, multiplicity in
            let theta = asin(min(1, wavelength * q.squareRoot()))
            return Double(multiplicity) * instrument.lorentzPolarization(theta: theta).value
                * instrument.transmission(theta: theta).value
        }
        column = [Double](repeating: 0, count: reflections.count)
        damping = column
    }

    package func evaluate(
        _ u: [Double], into v: inout [Double], jacobian: inout [[Double]], derivatives wanted: Bool
    ) {
        for orbit in origins.indices { positions[orbit] = origins[orbit] }
        for k in coordinates.indices { positions[coordinates[k].orbit] += u[k] * directions[k] }
        for orbit in positions.indices { factors.setPosition(positions[orbit], of: orbit) }
        let b = u[parameterCount - 1]
        for h in damping.indices { damping[h] = angular[h] * exp(-2 * b * q[h]) }
        let squares = factors.intensitiesInPlace
        for h in v.indices { v[h] = damping[h] * squares[h] }
        guard wanted else { return }
        derivatives.update()
        for (k, index) in coordinates.enumerated() {
            column.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                derivatives.position(of: index.orbit, along: directions[k], into: base)
            }
            for h in v.indices { jacobian[k][h] = damping[h] * column[h] }
        }
        for h in v.indices { jacobian[parameterCount - 1][h] = -2 * q[h] * v[h] }
    }
}
