namespace Amazon.Lambda.Annotations;

/// <summary>Marks the class whose <c>ConfigureServices(IServiceCollection)</c> fills the service container of every handler.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
[AttributeUsage(AttributeTargets.Class)]
public class LambdaStartupAttribute : Attribute;
