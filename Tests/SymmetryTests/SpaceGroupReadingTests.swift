import NumericalMethods
import Symmetry
import Testing

@Suite("Readings of symbols") struct SpaceGroupReadingTests {
    @Test("SpaceGroupReading: the operations of every 7th setting, given as such, are the setting itself")
    func settings() throws {
        for hallNumber in stride(from: 1, through: 530, by: 7) {
            let group = try #require(SpaceGroup(hallNumber: hallNumber))
            let reading = try #require(SpaceGroupReading(operations: group.operations, name: "x"))
            #expect(reading.number == group.number && reading.name == "x")
            let setting = try #require(reading.setting)
            #expect(Set(setting.operations) == Set(group.operations))
            #expect(SpaceGroupReading(group).operations == group.operations)
        }
    }

    @Test("a set that is no group has no reading")
    func none() throws {
        let group = try SpaceGroup.find("P n m a")
        #expect(SpaceGroupReading(operations: Array(group.operations.dropLast()), name: "x") == nil)
    }

    @Test("AffineOperation does what the operation does that it was made of, and with any shift")
    func affine() throws {
        var random = RandomStream(seed: 3)
        for number in [62, 166, 227] {
            for operation in try SpaceGroup.find("\(number)").operations {
                let x = SIMD3(random.uniform(), random.uniform(), random.uniform())
                let affine = AffineOperation(operation)
                #expect((affine.apply(to: x) - operation.apply(to: x)).length < 1e-12)
                let shift = SIMD3(0.1234, -2.5, 0.333)
                let moved = AffineOperation(
                    rotation: operation.rotation, translation: affine.translation + shift)
                #expect((moved.apply(to: x) - operation.apply(to: x) - shift).length < 1e-12)
            }
        }
    }
}
