import Patterns
import Testing

@Suite("Angle grids") struct AngleGridTests {
    @Test("5:90:0.02 has 4,251 points and ends at 90°") func points() throws {
        let angles = try AngleGrid("5:90:0.02").angles
        #expect(angles.count == 4251)
        #expect(angles.first == 5)
        #expect(abs((angles.last ?? 0) - 90) < 1e-9)
        #expect(try AngleGrid("5:90").step == 0.02)
    }

    @Test(
        "what is no range inside 0–180° is refused",
        arguments: [
            "5", "90:5:0.02", "5:180:0.02", "5:190:0.02", "-5:90:1", "5:90:0", "5:90:-1", "a:b:c", "5:90:1:2",
            "5::1",
        ])
    func refused(_ text: String) {
        #expect(throws: PatternError.self) { try AngleGrid(text) }
    }

    @Test("a step that makes millions of points is refused") func tooMany() {
        #expect(throws: PatternError.self) { try AngleGrid("5:90:1e-9") }
    }
}
