import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Patterns

/// What a `wyckoff_pattern` is: a calculation that one call uses at a time.
final class PatternObject: Sendable {
    private let calculation: Locked<PowderCalculation>
    let twoTheta: [Double]
    let names: [String]
    let parameters: [Parameter]
    /// Of `names`, as it was made.
    private let starts: [Double]
    let warnings: [String]
    /// Crystal's intensities over those of the scaled model.
    private let unit: Double

    /// Beyond this no parameter of a pattern lies.
    private static let largestValue = 1e12

    init(_ structure: ReducedStructure, _ request: PatternRequest, twoTheta: [Double]) throws {
        var structure = structure
        if request.displacements == false {
            for index in structure.orbits.indices { structure.orbits[index].displacement = nil }
        }
        let simulation = try request.simulation()
        let crystal = PatternCrystal(file: structure.title, structure: structure)
        let result = try simulation.simulate([crystal], twoTheta: twoTheta)
        let free = request.free ?? structure.parameters.map(\.name)
        let calculation = try PowderCalculation(result.model, twoTheta: twoTheta, free: free)
        self.calculation = Locked(calculation)
        self.twoTheta = twoTheta
        names = free
        starts = calculation.values
        parameters = result.model.parameters
        warnings = result.warnings
        let scale = result.model.phases.first?.scale ?? 1
        unit = scale > 0 ? structure.lattice.volume * structure.lattice.volume / scale : 1
    }

    func with<Result>(_ body: (PowderCalculation) throws -> Result) rethrows -> Result {
        try calculation.with { try body($0) }
    }

    /// Moves the calculation; where the new values have no pattern, it stays where it was.
    func set(_ values: [Double], of calculation: PowderCalculation) throws {
        let limits = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for ((name, start), value) in zip(zip(names, starts), values) {
            try limits[name]?.checkCell(value, start: start)
        }
        let before = calculation.values
        calculation.values = values
        let volumes = calculation.model.phases.map(\.structure.lattice.volume)
        guard volumes.allSatisfy({ $0.isFinite && $0 > 1e-3 }) else {
            calculation.values = before
            throw InterfaceError.notACell(values)
        }
    }

    func numbers(_ values: UnsafePointer<Double>?, _ count: Int64) throws(InterfaceError) -> [Double] {
        try Exchange.numbers(values, count, expected: names.count, "values", limit: Self.largestValue)
    }

    /// Intensities per cell², as `wyckoff pattern` lists them.
    func sticks() -> [PatternStick] {
        with { calculation in
            let range = (twoTheta.first ?? 0)...(twoTheta.last ?? 0)
            return calculation.reflections.compactMap { reflection in
                guard let angle = reflection.twoTheta, range.contains(angle) else { return nil }
                return PatternStick(reflection, twoTheta: angle, intensity: reflection.intensity * unit)
            }.sorted { $0.twoTheta < $1.twoTheta }
        }
    }
}

/// A reflection as JSON names it.
struct PatternStick: Encodable {
    var h, k, l, multiplicity: Int
    var d, twoTheta, F, intensity: Double

    init(_ reflection: PowderReflection, twoTheta: Double, intensity: Double) {
        (h, k, l) = (reflection.index.x, reflection.index.y, reflection.index.z)
        multiplicity = reflection.multiplicity
        (d, F) = (reflection.d, reflection.structureFactor)
        (self.twoTheta, self.intensity) = (twoTheta, intensity)
    }
}
