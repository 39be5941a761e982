import CrystalFiles
import Crystallography
import Diffraction
import Jobs
import Recovery
import Symmetry
import Testing

@Suite("RecoveryJob")
struct RecoveryJobTests {
    private static func lead(_ range: ClosedRange<Double> = 15...80) throws -> Measurement {
        var result = Measurement(
            name: "pbso4-x.dat", try PowderPatternFile.read(Shipped.path("patterns/pbso4-x.dat")))
        result.illumination = .emission(try Wavelength.radiation(named: "CuKa"))
        result.range = range
        return result
    }

    private static func job(_ measurements: [Measurement]) throws -> RecoveryJob {
        let record = try Shipped.record("pbso4")
        var job = RecoveryJob(measurements, start: .init(name: "start.cif", record))
        job.knowledge = try .takingPositions(of: record, named: "pbso4.cif")
        return job
    }

    @Test("an outcome holds the fit of each pattern, the proof and the comparison with the reference")
    func outcome() throws {
        var job = try Self.job([try Self.lead()])
        job.reference = .init(name: "pbso4.cif", try Shipped.record("pbso4"))
        let said = Said()
        let outcome = try job.run { said.add($0) }
        #expect(outcome.fits.map(\.file) == ["pbso4-x.dat"])
        #expect(outcome.structure.spaceGroup.number == 62)
        #expect(outcome.comparison?.isMatch == true)
        #expect(outcome.proof.holds("symmetry"))
        #expect(!said.all.isEmpty)
    }

    @Test(
        "of several starts every one is tabled, one that leads nowhere with its reason, and the proven one is taken"
    )
    func starts() throws {
        let outcome = try Self.hopelessThenGood().run { _ in }
        #expect(outcome.starts.map(\.name) == ["hopeless.cif", "start.cif"])
        #expect(outcome.starts.map(\.isProven) == [false, outcome.isProven])
        #expect(outcome.starts[0].remark.isEmpty == false)
        #expect(outcome.start == "start.cif")
    }

    /// A cell that no line fits, and the start that leads to lead sulfate.
    private static func hopelessThenGood() throws -> StartsJob {
        var hopeless = try Shipped.record("pbso4")
        hopeless.structure.lattice = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        var job = try job([try lead()])
        let good = job.start
        job.start = NamedRecord(name: "hopeless.cif", hopeless)
        job.knowledge = .spaceGroup(try SpaceGroup.find("Pnma"))
        return StartsJob(job, others: [good])
    }

    @Test("where no start leads anywhere the first one's error is thrown")
    func noStart() throws {
        let job = try Self.job([try Self.lead(15...15.2)])
        #expect(throws: CrystalFileError.self) {
            _ = try StartsJob(job, others: [job.start]).run { _ in }
        }
    }

    @Test("a cancelled recovery throws, whatever is known")
    func cancellation() async throws {
        var job = try Self.job([try Self.lead()])
        for knowledge in [job.knowledge, .spaceGroup(try SpaceGroup.find("Pnma")), .family(.orthorhombic)] {
            job.knowledge = knowledge
            let fixed = job
            await #expect(throws: CancellationError.self) {
                try await Cancelled.run { try fixed.run { _ in }.seconds }
            }
        }
    }

    @Test(
        "several starts, cancelled before the first or between two, throw: those that are done are no answer")
    func cancelledStarts() async throws {
        let starts = try Self.hopelessThenGood()
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try starts.run { _ in }.seconds }
        }
        await #expect(throws: CancellationError.self) {
            try await Task {
                try starts.run { step in
                    if step.text.hasPrefix("start 2") { withUnsafeCurrentTask { $0?.cancel() } }
                }.seconds
            }.value
        }
    }

    @Test("a range with too few points is refused, with the pattern's own")
    func shortRange() throws {
        let job = try Self.job([try Self.lead(15...15.2)])
        let error = #expect(throws: CrystalFileError.self) { _ = try job.run(reporting: { _ in }) }
        #expect(error?.file == "pbso4-x.dat")
    }

    @Test("neutrons without a wavelength are refused")
    func neutrons() throws {
        var measurement = try Self.lead()
        measurement.illumination = .ofPattern
        measurement.probe = .neutron
        let job = try Self.job([measurement])
        #expect(throws: CrystalFileError.self) { _ = try job.run(reporting: { _ in }) }
    }

    @Test("wavelengths given as numbers are refined beside an emission line's, and never all of them")
    func refinedWavelengths() throws {
        let copper = try Wavelength.radiation(named: "CuKa")
        let number = Radiation(.xray, wavelength: 0.7)
        func chosen(_ illuminations: [Measurement.Illumination], stated: Radiation? = nil) -> [Bool] {
            RefinedWavelengths.chosen(illuminations.map { ($0, .xray, stated) })
        }
        #expect(chosen([.emission(copper), .number(number)]) == [false, true])
        #expect(chosen([.number(number), .number(number)]) == [false, true])
        #expect(chosen([.number(number)]) == [false])
        // A pattern that states one line was measured behind a monochromator.
        #expect(chosen([.emission(copper), .ofPattern], stated: number) == [false, true])
        #expect(chosen([.emission(copper), .ofPattern], stated: copper) == [false, false])
        let neutrons = RefinedWavelengths.chosen([
            (.emission(copper), .xray, nil), (.ofPattern, .neutron, copper),
        ])
        #expect(neutrons == [false, true])
    }
}
