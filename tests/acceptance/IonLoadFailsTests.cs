namespace Deployer.Acceptance.Tests;

public sealed class IonLoadFails() : FailedRehearsal("ion-load-fails");

public sealed class IonLoadFailsTests(IonLoadFails rehearsal) : IonLoadFailureTests(rehearsal), IClassFixture<IonLoadFails>;
