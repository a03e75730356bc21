namespace Deployer.Functions.Ions;

/// <summary>What of ions cannot be deployed as things stand.</summary>
/// <param name="Kind">What has to be put right.</param>
/// <param name="Text">What is said of it.</param>
public sealed record IonFault(IonFaultKind Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>What has to be put right before ions can be deployed.</summary>
public enum IonFaultKind
{
    /// <summary>The service's files, or the stack of the compute group.</summary>
    FilesOrStack,

    /// <summary>The compute group is off.</summary>
    GroupOff,

    /// <summary>The bucket to which ion-dev pushes is not known.</summary>
    CodeBucket,
}
