namespace Amazon.Lambda.Annotations;

/// <summary>Settings for all handlers of an assembly.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/dotnet-native-aot.html</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public class LambdaGlobalPropertiesAttribute : Attribute
{
    /// <summary>The runtime of the functions, such as <c>provided.al2023</c>.</summary>
    public string? Runtime { get; set; }

    /// <summary>Whether a <c>Main</c> is generated that serves the handler which <c>ANNOTATIONS_HANDLER</c> names.</summary>
    public bool GenerateMain { get; set; }
}
