namespace Deployer.Acceptance.Tests;

public sealed class IonLoadFailsUnheard() : FailedRehearsal("ion-load-fails", "events-lost");

public sealed class IonLoadFailsUnheardTests(IonLoadFailsUnheard rehearsal)
    : IonLoadFailureTests(rehearsal),
        IClassFixture<IonLoadFailsUnheard>;
