import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Reaches `PowderQuantity`, `DisplacementDirection`.
@Suite("A powder model") struct PowderModelTests {
    static let grid = stride(from: 12.0, through: 50.0, by: 0.05).map { $0 }
    static let bench = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/peers/bench/cifs"
    ).standardizedFileURL

    static func model(_ hallNumbers: [Int]) throws -> PowderModel {
        var random = RandomStream(seed: 3)
        var models: [PowderModel] = []
        for number in hallNumbers {
            models.append(try #require(try RandomModels.model(hallNumber: number, random: &random)))
        }
        var model = models[0]
        model.instrument.axial = nil
        model.phases = models.flatMap(\.phases)
        for index in model.phases.indices { model.phases[index].name = index == 0 ? "major" : "minor" }
        return model
    }

    @Test("of two phases is the sum of both, and its gradient splits")
    func phases() throws {
        let both = try Self.model([292, 523])
        var background = both
        background.phases = []
        var sum = try PowderCalculation(background, twoTheta: Self.grid).calculated
        for phase in both.phases {
            var single = both
            single.phases = [phase]
            single.background = []
            let y = try PowderCalculation(single, twoTheta: Self.grid).calculated
            for i in sum.indices { sum[i] += y[i] }
        }
        let names = ["minor.a", "major.b", "minor.scale", "U", "major.A1.x", "zero"]
        let calculation = try PowderCalculation(both, twoTheta: Self.grid, free: names)
        let y = calculation.calculated
        let largest = y.max() ?? 0
        for i in y.indices { #expect(abs(y[i] - sum[i]) <= 1e-11 * largest) }
        let gradient = calculation.gradient(of: y)
        let values = calculation.values
        for (k, name) in names.enumerated() {
            let difference = Differences.best(
                { x in
                    var moved = values
                    moved[k] = x
                    calculation.values = moved
                    return calculation.calculated.reduce(0) { $0 + 0.5 * $1 * $1 }
                }, at: values[k], scale: PowderCalculationTests.scale(of: name), expected: gradient[k])
            calculation.values = values
            #expect(abs(gradient[k] - difference) <= 1e-6 * abs(gradient[k]), "\(name)")
        }
    }

    @Test("ties the displacements of an element")
    func ties() throws {
        var random = RandomStream(seed: 9)
        let group = try #require(SpaceGroup(hallNumber: 292))
        let oxygen = try #require(Element(symbol: "O"))
        let lead = try #require(Element(symbol: "Pb"))
        let sites = (1...3).map { i in
            Site(oxygen, at: SIMD3(random.uniform(), random.uniform(), random.uniform()), label: "O\(i)")
        }
        let structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 8, b: 5, c: 7, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: sites + [Site(lead, at: SIMD3(0.19, 0.25, 0.17), label: "Pb")])
        let model = PowderModel(
            phases: [.init(structure)], instrument: Instrument(radiation: Radiation(wavelength: 1.54)))
        let calculation = try PowderCalculation(
            model, twoTheta: Self.grid, free: ["O.B", "Pb.B", "O1.B", "O2.B", "O3.B"])
        calculation.values = [0.7, 0.3, 0.7, 0.7, 0.7]
        #expect(calculation.model["O2.B"] == 0.7)
        #expect(calculation["O.B"] == 0.7)
        let gradient = calculation.gradient(of: calculation.calculated)
        #expect(abs(gradient[0] - gradient[2] - gradient[3] - gradient[4]) <= 1e-9 * abs(gradient[0]))
    }

    @Test("with free intensities is the profile matrix times them")
    func freeIntensities() throws {
        let model = try Self.model([292])
        let calculation = try PowderCalculation(model, twoTheta: Self.grid, free: ["a", "W", "zero", "A1.x"])
        func check() {
            for unit in [ProfileUnit.squaredStructureFactor, .integratedIntensity] {
                let matrix = calculation.profileMatrix(unit: unit)
                let squares = calculation.squaredStructureFactors()
                let factors = calculation.intensityFactors()
                let x = matrix.columns.map { column in
                    unit == .squaredStructureFactor
                        ? squares[column.number] : squares[column.number] * factors[column.number]
                }
                let sum = zip(matrix.times(x), calculation.background).map { $0 + $1 }
                let y = calculation.calculated
                let largest = y.max() ?? 0
                for i in y.indices { #expect(abs(y[i] - sum[i]) <= 1e-11 * largest) }
            }
        }
        check()
        var random = RandomStream(seed: 1)
        calculation.setFreeIntensities(
            calculation.squaredStructureFactors().map { _ in random.uniform(0, 1e4) })
        check()
        let gradient = calculation.gradient(of: calculation.calculated)
        let values = calculation.values
        #expect(gradient[3] == 0)
        for k in 0..<3 {
            let difference = Differences.best(
                { x in
                    var moved = values
                    moved[k] = x
                    calculation.values = moved
                    return calculation.calculated.reduce(0) { $0 + 0.5 * $1 * $1 }
                }, at: values[k], scale: 0.01, expected: gradient[k])
            calculation.values = values
            #expect(abs(gradient[k] - difference) <= 1e-6 * abs(gradient[k]))
        }
    }

    @Test("refuses bad input in one line")
    func badInput() throws {
        let model = try Self.model([292])
        #expect(throws: DiffractionError.emptyGrid) { try PowderCalculation(model, twoTheta: []) }
        #expect(throws: DiffractionError.gridNotAscending(index: 1)) {
            try PowderCalculation(model, twoTheta: [10, 10, 11])
        }
        #expect(throws: DiffractionError.rangeOutsideSphere(180)) {
            try PowderCalculation(model, twoTheta: [10, 180])
        }
        #expect(throws: DiffractionError.unknownParameter("Xx.x")) {
            try PowderCalculation(model, twoTheta: Self.grid, free: ["Xx.x"])
        }
        var dark = model
        dark.instrument.radiation = Radiation(wavelength: 0)
        #expect(throws: DiffractionError.wavelengthNotPositive(0)) {
            try PowderCalculation(dark, twoTheta: Self.grid)
        }
        var empty = model
        for name in empty.parameters.map(\.name) where name.hasSuffix("occupancy") {
            try empty.set(name, to: 0)
        }
        #expect(throws: DiffractionError.nothingScatters) {
            try PowderCalculation(empty, twoTheta: Self.grid)
        }
    }

    @Test("a name that no parameter has is an error, not a value that is set nowhere")
    func unknownNames() throws {
        var model = try Self.model([292])
        let before = model
        for name in ["O1.q", "scal", "", "Pb.b", "a "] {
            #expect(model[name] == nil)
            #expect(throws: DiffractionError.unknownParameter(name)) { try model.set(name, to: 1) }
            let calculation = try PowderCalculation(model, twoTheta: Self.grid)
            #expect(throws: DiffractionError.unknownParameter(name)) { try calculation.set(name, to: 1) }
        }
        #expect(model.parameters == before.parameters)
    }

    @Test("every parameter has the kind that its unit says, and coordinates alone are periodic")
    func kinds() throws {
        let model = try Self.model([292])
        for parameter in model.parameters { #expect(parameter.unit == parameter.kind.unit) }
        func kind(_ name: String) -> ParameterKind? { model.parameters.first { $0.name == name }?.kind }
        #expect(kind("a") == .length)
        #expect(kind("U") == .lineVariance && kind("X") == .lineWidth && kind("zero") == .lineShift)
        #expect(kind("scale") == .scale && kind("background.0") == .background)
        let coordinates = model.parameters.filter { $0.kind == .coordinate }
        #expect(coordinates.count == model.phases[0].structure.freeCoordinates.count)
    }

    @Test("covers every parameter by a name that reads back")
    func names() throws {
        var model = try Self.model([292, 523])
        let parameters = model.parameters
        #expect(Set(parameters.map(\.name)).count == parameters.count)
        for parameter in parameters {
            try model.set(parameter.name, to: parameter.value + 0.01)
            #expect(
                abs((model[parameter.name] ?? .nan) - parameter.value - 0.01) < 1e-12, "\(parameter.name)")
        }
    }

    @Test(
        "gives pymatgen's sticks with pymatgen's table",
        .enabled(
            if: FileManager.default.fileExists(atPath: bench.path),
            "the benchmark structures are not beside the package"),
        arguments: ["21_PbSO4", "30_Na2Ca3Al2F14", "12_CaF2", "15_SiO2"])
    func sticks(name: String) throws {
        let record = try CrystalFile.readFirst(Self.bench.appending(path: name + ".cif").path)
        let operations = try #require(record.declaredOperations)
        let group = try #require(SpaceGroup.matching(operations: operations))
        let structure = ReducedStructure(
            spaceGroup: group, lattice: record.structure.lattice,
            asymmetricSites: record.asymmetricSites.map {
                Site(label: $0.label, occupants: $0.occupants, position: $0.position)
            })
        let model = PowderModel(
            phases: [.init(structure)], instrument: Instrument(radiation: Radiation(wavelength: 1.540593)),
            scatteringTable: .pymatgen, dispersion: false)
        let reflections = try PowderCalculation(model, twoTheta: [5, 90]).reflections
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/pymatgen-\(name).tsv")
        let expected = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: "\t").compactMap { Double($0) }
        }
        // pymatgen joins peaks closer than 1e-5° and scales the largest to 100.
        func intensity(at twoTheta: Double) -> Double {
            reflections.filter { abs(($0.twoTheta ?? 0) - twoTheta) < 2e-5 }.reduce(0) { $0 + $1.intensity }
        }
        let largest = expected.map { intensity(at: $0[0]) }.max() ?? 1
        for row in expected {
            let value = 100 * intensity(at: row[0]) / largest
            #expect(abs(value - row[1]) <= 1e-5 * 100, "\(row[0])°: \(value) against \(row[1])")
        }
    }

    @Test("recovers the similarity of a structure whose cell is off")
    func variableCell() throws {
        var model = try Self.model([292])
        let target = try PowderCalculation(model, twoTheta: Self.grid).calculated
        let original = try #require(model["a"])
        try model.set("a", to: original * 1.012)
        try model.set("b", to: (model["b"] ?? 1) * 0.99)
        let shifted = try PowderCalculation(model, twoTheta: Self.grid).calculated
        let plain = SimilarityMeasure.crossCorrelation(halfWidth: 0.6).prepared(
            target: target, twoTheta: Self.grid
        ).value(shifted)
        let result = try VariableCellCrossCorrelation().evaluate(model, target: target, twoTheta: Self.grid)
        #expect(result.similarity > 0.999 && plain < 0.99, "\(plain) to \(result.similarity)")
        #expect(abs(result.lattice[0] / original - 1) < 1e-3)
    }
}
