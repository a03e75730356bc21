using System.CommandLine;
using System.Reflection;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Architecture;

/// <summary>A command opens what it works in, and reads from top to bottom: it hands itself to nobody to be called back.</summary>
public sealed class CallbackTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_command_and_no_view_is_run_in_a_callback()
    {
        var types = Types().Where(type => type.IsAssignableTo(typeof(Command)) || IsView(type)).ToList();

        types.Count.ShouldBeGreaterThan(30);
        types.SelectMany(Callables).Where(TakesCallback).Select(Name).ShouldBeEmpty();
    }

    [Fact]
    public void No_callback_is_given_a_callback() =>
        Types()
            .SelectMany(Callables)
            .Where(callable =>
                callable
                    .GetParameters()
                    .Where(parameter => IsCallback(parameter.ParameterType))
                    .SelectMany(parameter => parameter.ParameterType.GetMethod("Invoke")!.GetParameters())
                    .Any(parameter => IsCallback(parameter.ParameterType))
            )
            .Select(Name)
            .ShouldBeEmpty();

    [Fact]
    public void A_callback_would_be_noticed() =>
        ((Delegate)TakesOne).Method.ShouldSatisfyAllConditions(
            method => TakesCallback(method).ShouldBeTrue(),
            method => IsCallback(method.GetParameters()[0].ParameterType).ShouldBeTrue()
        );

    private static void TakesOne(Action<int> callback) => callback(0);

    // What the compiler makes of lambdas takes what they take.
    private static IEnumerable<Type> Types() => typeof(Program).Assembly.GetTypes().Where(type => !type.Name.Contains('<'));

    private static bool IsView(Type type) =>
        type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IView<>));

    private static IEnumerable<MethodBase> Callables(Type type) => [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];

    private static bool TakesCallback(MethodBase callable) =>
        !callable.Name.Contains('<') && callable.GetParameters().Any(parameter => IsCallback(parameter.ParameterType));

    private static bool IsCallback(Type type) => type.IsAssignableTo(typeof(Delegate));

    private static string Name(MethodBase callable) => $"{callable.DeclaringType!.Name}.{callable.Name}";
}
